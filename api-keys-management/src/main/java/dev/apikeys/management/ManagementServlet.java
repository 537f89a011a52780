package dev.apikeys.management;

import dev.apikeys.KeyService;
import dev.apikeys.servlet.ClientAddress;
import dev.apikeys.servlet.internal.FailureLog;
import dev.apikeys.servlet.internal.UnreadBody;
import dev.apikeys.spi.StepUp;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
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
 * <p>Every call passes the same checks in this order, and the first that fails answers: the route (404, 405), which is
 * in public documentation, so that nobody asks for a session in vain; the caller (401, 403), before anything that was
 * sent is looked at; the origin, where something is to change (403); the body's type (415), length (413) and syntax
 * (400); the fields, all of them at once (400). Then the command runs.
 *
 * <p>{@code GET openapi.yaml} and {@code openapi.json} below the mount show the OpenAPI document of all families, to
 * everybody.
 *
 * <p>Every answer carries {@code Cache-Control: no-store} and {@code X-Content-Type-Options: nosniff}. What goes wrong
 * inside is logged once, without messages of exceptions, under an id that the answer has in {@code X-Correlation-Id};
 * its body says no more than its status does.
 *
 * <p>Thread-safe.
 */
public final class ManagementServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(ManagementServlet.class);

    private final transient ManagementCalls management;
    private final transient UnreadBody unread = new UnreadBody(RequestBody.MAX_LENGTH);

    private ManagementServlet(ManagementCalls management) {
        this.management = management;
    }

    /**
     * Starts a servlet; exactly one family must follow.
     *
     * @param keys what is managed; stays the host's to close
     * @param sessions the host's answer to who is calling
     */
    public static Builder builder(KeyService keys, SessionResolver sessions) {
        return new Builder(keys, sessions);
    }

    /** Answers a call, by whatever method. */
    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.addHeader("Vary", "Authorization, X-API-Key, Cookie, Origin");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        Optional<ApiDocument> document = ApiDocument.at(request);
        if (document.isPresent() && ApiDocument.isRead(request)) {
            document.get().send(response);
            return;
        }
        Result<Response> outcome = document.isPresent()
                ? Result.failed(new ManagementProblem.MethodNotAllowed(ApiDocument.ALLOW))
                : answer(request, response);
        Response reply = outcome.orElse(failure -> {
            failure.headers().forEach(response::setHeader);
            return management.failure(failure);
        });
        unread.answer(request, response, reply::send);
    }

    /** Whatever is thrown, nothing of it is in the answer. */
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
     * The settings of a servlet. Each value is checked as it is given, their combination in {@link #build()}.
     *
     * <p>Not thread-safe.
     */
    public static final class Builder {
        private final KeyService keys;
        private final SessionResolver sessions;
        private OriginCheck origins = OriginCheck.sameOrigin();
        private ClientAddress clientAddress = ClientAddress.direct();
        private StepUpCheck stepUp = StepUpCheck.none();
        private @Nullable Function<StepUpCheck, Family> family;

        private Builder(KeyService keys, SessionResolver sessions) {
            this.keys = Objects.requireNonNull(keys, "keys");
            this.sessions = Objects.requireNonNull(sessions, "sessions");
        }

        /**
         * Serves the personal keys of the person who calls: list, create, revoke, audit. Usual mapping
         * {@code /me/api-keys/*}.
         *
         * @param stepUp checks the caller's password before a key is minted
         * @throws IllegalStateException when a family was chosen before
         */
        public Builder personalKeys(StepUp stepUp) {
            Objects.requireNonNull(stepUp, "stepUp");
            return serving(proof -> Family.personal(keys, StepUpCheck.by(stepUp)));
        }

        /**
         * Serves the keys that the person who calls has for workspaces: list, create, revoke, the scopes to choose from;
         * and lets a key that may do so revoke itself. Usual mapping {@code /api/v1/user/api-keys/*}. The ids of users
         * must be unique in the whole host, since the keys are listed in whatever organization they are.
         *
         * @param catalogue what a person may hand on to a key
         * @throws IllegalStateException when a family was chosen before
         */
        public Builder workspaceKeys(ScopeCatalogue catalogue) {
            Objects.requireNonNull(catalogue, "catalogue");
            return serving(proof -> Family.workspace(keys, proof, catalogue));
        }

        /**
         * Serves the keys of the organization in which the person who calls is working: list, create, show, change,
         * pause and resume for agents, revoke. Usual mapping {@code /api/api-keys/*}. Whoever the {@link SessionResolver}
         * puts into an organization manages its keys, so give this servlet one that does so only for those who may.
         *
         * @param catalogue what a person may hand on to a key
         * @throws IllegalStateException when a family was chosen before
         */
        public Builder tenantKeys(ScopeCatalogue catalogue) {
            Objects.requireNonNull(catalogue, "catalogue");
            return serving(proof -> Family.tenant(keys, proof, catalogue));
        }

        /**
         * Serves everybody's keys to administrators: list, search, revoke. Usual mapping {@code /api/admin/api-keys/*}.
         *
         * @throws IllegalStateException when a family was chosen before
         */
        public Builder administration() {
            return serving(proof -> Family.administration(keys));
        }

        /**
         * Asks for the caller's password, in a field {@code password}, before a workspace or tenant key is minted as
         * well; without this, the session is enough for these. Personal keys always need it.
         */
        public Builder stepUp(StepUp stepUp) {
            this.stepUp = StepUpCheck.by(Objects.requireNonNull(stepUp, "stepUp"));
            return this;
        }

        /**
         * The pages from which browsers may change something. Without this only those of the origin under which the
         * request itself arrives; a host behind a proxy that changes scheme, name or port must name its origin here.
         *
         * @param origins each {@code scheme://host} or {@code scheme://host:port}, as browsers send it; at least one
         * @throws IllegalArgumentException when there is none, or one has another form
         */
        public Builder allowedOrigins(String... origins) {
            Objects.requireNonNull(origins, "origins");
            this.origins = OriginCheck.only(origins);
            return this;
        }

        /** How the caller's address is found, for the audit trail; default {@link ClientAddress#direct()}. */
        public Builder clientAddress(ClientAddress clientAddress) {
            this.clientAddress = Objects.requireNonNull(clientAddress, "clientAddress");
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
            return new ManagementServlet(
                    new ManagementCalls(family.apply(stepUp), new CallerCheck(keys, sessions), origins, clientAddress));
        }

        private Builder serving(Function<StepUpCheck, Family> chosen) {
            if (family != null) {
                throw new IllegalStateException("a servlet serves one family of endpoints; build another one as well");
            }
            family = chosen;
            return this;
        }
    }
}
