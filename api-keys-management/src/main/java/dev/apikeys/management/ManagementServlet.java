package dev.apikeys.management;

import dev.apikeys.KeyService;
import dev.apikeys.servlet.ClientAddress;
import dev.apikeys.servlet.Cors;
import dev.apikeys.servlet.CredentialPlaces;
import dev.apikeys.servlet.internal.FailureLog;
import dev.apikeys.servlet.internal.Problem;
import dev.apikeys.servlet.internal.ProblemWording;
import dev.apikeys.servlet.internal.UnreadBody;
import dev.apikeys.spi.StepUp;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The endpoints with which people manage API keys. One instance serves one family of endpoints, wherever the host maps
 * it:
 *
 * <pre>{@code
 * ManagementServlet servlet = ManagementServlet.builder(keys, request -> Caller.session(userOf(request)))
 *         .personalKeys(new PasswordStepUp(users::passwordHash))
 *         .build();
 * context.addServlet("api-keys", servlet).addMapping("/me/api-keys/*");
 * }</pre>
 *
 * <p>Each call passes the same checks in this order, and the first failed check gives the answer: the route (404, 405),
 * which is public, so the session isn't needed for it; the caller (401, 403), before anything else of the request is
 * read; the origin, for calls that change something (403); the body's type (415), length (413) and syntax (400); all
 * fields at once (400). Then the command runs.
 *
 * <p>{@code GET openapi.yaml} and {@code openapi.json} below the mount show the OpenAPI document of all families, to
 * everybody.
 *
 * <p>Each answer has {@code Cache-Control: no-store} and {@code X-Content-Type-Options: nosniff}. An unexpected failure
 * is logged once, without messages of exceptions, with an id that the answer has in {@code X-Correlation-Id}. The body
 * of such an answer says only what its status says.
 *
 * <p>Thread-safe.
 */
public final class ManagementServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(ManagementServlet.class);
    private static final String READ = "GET, HEAD";

    private final transient ManagementCalls management;
    private final transient CredentialPlaces places;
    private final transient @Nullable Cors cors;
    private final transient Map<String, PageFile> page;
    private final transient UnreadBody unread = new UnreadBody(RequestBody.MAX_LENGTH);

    private ManagementServlet(ManagementCalls management, Builder settings) {
        this.management = management;
        this.places = settings.places;
        this.cors = settings.cors;
        this.page = settings.people.page();
    }

    /**
     * Starts a servlet; exactly one family must follow.
     *
     * @param keys the service to manage; the host closes it
     * @param sessions tells who is calling
     */
    public static Builder builder(KeyService keys, SessionResolver sessions) {
        return new Builder(keys, sessions);
    }

    /** Lets the filter in front refuse in the envelope of the family. */
    @Override
    public void init() {
        ProblemWording.put(
                getServletContext(), getServletName(), problem -> management.body(ManagementProblem.Plain.of(problem)));
    }

    /** Leaves nothing of this servlet behind. */
    @Override
    public void destroy() {
        ProblemWording.remove(getServletContext(), getServletName());
    }

    /** Answers a call of any method. */
    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!page.isEmpty() && isRead(request) && isPage(request, response)) {
            return;
        }
        response.addHeader("Vary", Problem.vary(places) + ", Cookie, Origin");
        if (cors != null && cors.answer(request, response)) {
            return;
        }
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        Optional<ApiDocument> document = ApiDocument.at(request);
        if (document.isPresent() && isRead(request)) {
            unread.answer(request, response, document.get()::send);
            return;
        }
        Result<Response> outcome = document.isPresent() || isPagePath(request)
                ? Result.failed(new ManagementProblem.MethodNotAllowed(READ))
                : answer(request, response);
        Response reply = outcome.orElse(failure -> {
            failure.headers().forEach((name, value) -> response.setHeader(name, Problem.header(name, value, places)));
            return management.failure(failure);
        });
        unread.answer(request, response, reply::send);
    }

    private static boolean isRead(HttpServletRequest request) {
        return request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
    }

    private boolean isPagePath(HttpServletRequest request) {
        return !page.isEmpty()
                && (PageFile.lacksSlash(request)
                        || page.containsKey(Objects.requireNonNullElse(request.getPathInfo(), "")));
    }

    /** Answers a request for the page, and tells whether it was one. */
    private boolean isPage(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (PageFile.lacksSlash(request)) {
            unread.answer(request, response, PageFile::addSlash);
            return true;
        }
        PageFile file = page.get(Objects.requireNonNullElse(request.getPathInfo(), ""));
        if (file != null) {
            unread.answer(request, response, answer -> file.send(request, answer));
        }
        return file != null;
    }

    /** The answer contains nothing of an exception. */
    private Result<Response> answer(HttpServletRequest request, HttpServletResponse response) {
        try {
            return management.answer(request);
        } catch (Throwable thrown) {
            ManagementProblem failure = ExceptionProblems.of(thrown);
            if (failure instanceof ManagementProblem.Plain plain && plain.isFault()) {
                String correlationId = UUID.randomUUID().toString();
                response.setHeader("X-Correlation-Id", correlationId);
                LOG.error("a management call failed; {}: {}", correlationId, FailureLog.line(thrown));
            }
            return Result.failed(failure);
        }
    }

    /**
     * The settings of a servlet. Each value is checked at once, and their combination in {@link #build()}.
     *
     * <p>Not thread-safe.
     */
    public static final class Builder {
        private final KeyService keys;
        private final SessionResolver sessions;
        private OriginCheck origins = OriginCheck.sameOrigin();
        private ClientAddress clientAddress = ClientAddress.direct();
        private CredentialPlaces places = CredentialPlaces.DEFAULT;
        private @Nullable Cors cors;
        private PeopleSettings people = PeopleSettings.DEFAULT;
        private @Nullable Function<PeopleSettings, Family> family;

        private Builder(KeyService keys, SessionResolver sessions) {
            this.keys = Objects.requireNonNull(keys, "keys");
            this.sessions = Objects.requireNonNull(sessions, "sessions");
        }

        /**
         * Serves the personal keys of the caller: list, create, change, rotate, pause, revoke, audit. Usual mapping
         * {@code /me/api-keys/*}.
         *
         * @param stepUp checks the caller's password, or another proof, before a key is issued
         * @throws IllegalStateException when a family was chosen before
         */
        public Builder personalKeys(StepUp stepUp) {
            Objects.requireNonNull(stepUp, "stepUp");
            return serving(settings -> Family.personal(keys, StepUpCheck.by(stepUp)));
        }

        /**
         * Serves the caller's keys for workspaces: list, create, revoke, and the scopes to choose from. A key with that
         * option can revoke itself. Usual mapping {@code /api/v1/user/api-keys/*}. The ids of users must be unique in
         * the whole host, because keys of all organizations are listed.
         *
         * @param catalogue the scopes that a person may grant to a key
         * @throws IllegalStateException when a family was chosen before
         */
        public Builder workspaceKeys(ScopeCatalogue catalogue) {
            Objects.requireNonNull(catalogue, "catalogue");
            return serving(settings -> Family.workspace(keys, settings.stepUp(), catalogue));
        }

        /**
         * Serves the keys of the organization in which the caller works: list, create, show, change, pause and resume
         * for agents, revoke. Usual mapping {@code /api/api-keys/*}. Everybody whom the {@link SessionResolver} puts
         * into an organization can manage its keys. So its resolver must do that only for people who may.
         *
         * @param catalogue the scopes that a person may grant to a key
         * @throws IllegalStateException when a family was chosen before
         */
        public Builder tenantKeys(ScopeCatalogue catalogue) {
            Objects.requireNonNull(catalogue, "catalogue");
            return serving(settings -> Family.tenant(keys, settings.stepUp(), catalogue, settings.tools()));
        }

        /**
         * Serves everybody's keys to administrators: list, search, revoke. Usual mapping {@code /api/admin/api-keys/*}.
         *
         * @throws IllegalStateException when a family was chosen before
         */
        public Builder administration() {
            return serving(settings -> Family.administration(keys));
        }

        /**
         * Asks for the caller's password, in a field {@code password}, or for another proof, before a workspace or
         * tenant key is issued, rotated or widened too. Without this, the session is enough for these keys. Personal keys
         * always need the password.
         */
        public Builder stepUp(StepUp stepUp) {
            people = people.withStepUp(StepUpCheck.by(Objects.requireNonNull(stepUp, "stepUp")));
            return this;
        }

        /**
         * Origins from whose pages browsers may change something, beside the origin under which the request itself
         * arrives. A host behind a proxy that changes scheme, name or port must name its origin here. Pages of another
         * origin that a script calls from need {@link #cors(Cors)} instead.
         *
         * @param origins each {@code scheme://host} or {@code scheme://host:port}, as browsers send it; at least one
         * @throws IllegalArgumentException when there is none, or one has another form
         */
        public Builder allowedOrigins(String... origins) {
            Objects.requireNonNull(origins, "origins");
            this.origins = this.origins.and(origins);
            return this;
        }

        /**
         * Pages of other origins that may call by script, and change something. Preflights are answered before anybody is
         * asked for a session. Add {@link Cors#withCookies()} where sessions are cookies.
         */
        public Builder cors(Cors cors) {
            this.cors = Objects.requireNonNull(cors, "cors").exposing("X-Total-Count", "X-Total-Is-Estimate");
            this.origins = origins.and(cors);
            return this;
        }

        /**
         * Where requests carry keys: the places of the filter in front. A request with a key manages no keys, and a key may
         * revoke itself where its family has that. Default: {@link CredentialPlaces#DEFAULT}.
         */
        public Builder credentials(CredentialPlaces places) {
            this.places = Objects.requireNonNull(places, "places");
            return this;
        }

        /** How to find the caller's address, for the audit trail; default {@link ClientAddress#direct()}. */
        public Builder clientAddress(ClientAddress clientAddress) {
            this.clientAddress = Objects.requireNonNull(clientAddress, "clientAddress");
            return this;
        }

        /**
         * Serves a page with which people manage their keys, at {@code page/} below the mount, to everybody: who may do what
         * is decided by its calls. Off by default, because most hosts have a place of their own for it.
         */
        public Builder page() {
            people = people.withPage();
            return this;
        }

        /**
         * The token of the host's own protection against cross-site requests, which {@code GET settings} tells the page. By
         * default there is none: this servlet checks where a request comes from.
         */
        public Builder csrf(CsrfTokens csrfTokens) {
            people = people.withCsrfTokens(Objects.requireNonNull(csrfTokens, "csrfTokens"));
            return this;
        }

        /** The tools that agents can call, so that tenants see what a policy means for each of them; none by default. */
        public Builder tools(ToolCatalogue tools) {
            people = people.withTools(Objects.requireNonNull(tools, "tools"));
            return this;
        }

        /**
         * The servlet.
         *
         * @throws IllegalStateException when no family was chosen
         */
        public ManagementServlet build() {
            if (family == null) {
                throw new IllegalStateException("choose what the servlet serves, for example personalKeys(…)");
            }
            ManagementCalls calls = new ManagementCalls(
                    family.apply(people),
                    new CallerCheck(keys, sessions, places),
                    origins,
                    clientAddress,
                    people.csrfTokens());
            return new ManagementServlet(calls, this);
        }

        private Builder serving(Function<PeopleSettings, Family> chosen) {
            if (family != null) {
                throw new IllegalStateException("a servlet serves one family of endpoints; build another one as well");
            }
            family = chosen;
            return this;
        }
    }
}
