package dev.apikeys.management;

import dev.apikeys.Actor;
import dev.apikeys.ApiKey;
import dev.apikeys.AuditEntry;
import dev.apikeys.AuditFilter;
import dev.apikeys.ClientRequest;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeyKind;
import dev.apikeys.KeyPolicy;
import dev.apikeys.KeyRef;
import dev.apikeys.KeyService;
import dev.apikeys.Owner;
import dev.apikeys.PageRequest;
import dev.apikeys.management.ScopeCatalogue.Grantable;
import dev.apikeys.management.ScopeCatalogue.ScopeGroup;
import dev.apikeys.spi.OwnerDirectory;
import dev.apikeys.spi.StepUp;
import dev.apikeys.spi.StepUp.Password;
import dev.apikeys.testkit.FaultyStore;
import dev.apikeys.testkit.SettableClock;
import dev.apikeys.testservers.Http;
import dev.apikeys.testservers.ServletServer;
import dev.apikeys.testservers.ServletServer.Container;
import jakarta.servlet.Filter;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * A host with management endpoints of one family. Its sessions are cookies that say who is logged in,
 * {@code session=alice@org_1}, with an exclamation mark behind it for administrators; everybody has the same password.
 */
final class ManagementWorld implements AutoCloseable {
    static final String MOUNT = ManagedFamily.PERSONAL.mount;
    static final String PASSWORD = "correct horse battery staple";
    static final String UNCHECKABLE_PASSWORD = "unreachable-4f7a91c2";
    static final String EXPLOSIVE_PASSWORD = "explosive-9c1e07d5";
    static final String BUSY_PASSWORD = "queueing-1b7c3e09";
    static final Instant START = Instant.parse("2026-02-03T09:42:00Z");

    private static final PageRequest ALL = PageRequest.first(PageRequest.MAX_LIMIT);

    final FaultyStore store = new FaultyStore();
    final SettableClock clock = new SettableClock(START);
    final AtomicInteger stepUps = new AtomicInteger();
    final KeyService keys;
    final ScopeCatalogue catalogue;
    final ServletServer server;
    private final ManagedFamily family;
    private final Runnable duringStepUp;

    private ManagementWorld(Setup setup) throws Exception {
        duringStepUp = setup.duringStepUp;
        family = setup.family;
        catalogue = setup.catalogue;
        keys = KeyService.builder(store)
                .clock(clock)
                .policy(setup.policy)
                .ownerDirectory(setup.directory)
                .build();
        ManagementServlet servlet = setup.settings
                .apply(family.serve(ManagementServlet.builder(keys, setup.sessions), this))
                .build();
        ServletServer.Setup container = ServletServer.in(setup.container).servlet(servlet, family.mount + "/*");
        setup.servlets.forEach((path, other) -> container.servlet(other, path));
        setup.filters.forEach(filter -> container.filter(filter.apply(this), "/*"));
        server = container.start();
    }

    static Setup in(Container container) {
        return new Setup(container);
    }

    interface FilterOf {
        Filter apply(ManagementWorld world);
    }

    static final class Setup {
        private final Container container;
        private final List<FilterOf> filters = new ArrayList<>();
        private ManagedFamily family = ManagedFamily.PERSONAL;
        private ScopeCatalogue catalogue = ManagementWorld::grantable;
        private UnaryOperator<ManagementServlet.Builder> settings = builder -> builder;
        private final Map<String, Servlet> servlets = new HashMap<>();
        private SessionResolver sessions = ManagementWorld::callerOf;
        private Runnable duringStepUp = () -> {};
        private KeyPolicy policy = KeyPolicy.DEFAULT;
        private OwnerDirectory directory = OwnerDirectory.everyoneActive();

        private Setup(Container container) {
            this.container = container;
        }

        Setup filter(FilterOf filter) {
            filters.add(filter);
            return this;
        }

        Setup servlet(Servlet servlet, String path) {
            servlets.put(path, servlet);
            return this;
        }

        Setup settings(UnaryOperator<ManagementServlet.Builder> change) {
            settings = change;
            return this;
        }

        Setup serving(ManagedFamily wanted) {
            family = wanted;
            return this;
        }

        Setup catalogue(ScopeCatalogue scopes) {
            catalogue = scopes;
            return this;
        }

        Setup sessions(SessionResolver resolver) {
            sessions = resolver;
            return this;
        }

        Setup duringStepUp(Runnable happening) {
            duringStepUp = happening;
            return this;
        }

        Setup policy(KeyPolicy keyPolicy) {
            policy = keyPolicy;
            return this;
        }

        Setup directory(OwnerDirectory ownerDirectory) {
            directory = ownerDirectory;
            return this;
        }

        ManagementWorld start() throws Exception {
            return new ManagementWorld(this);
        }
    }

    HttpResponse<String> call(String method, String path, String body, String... headers) {
        return Http.call(method, server.uri(family.mount + path), body, headers);
    }

    /** A call by somebody who is logged in, or by nobody when that is empty; with JSON if there is a body. */
    HttpResponse<String> as(String who, String method, String path, String body, String... headers) {
        List<String> all = new ArrayList<>(who.isEmpty() ? List.of() : List.of("Cookie", "session=" + who));
        if (!body.isEmpty()) {
            all.addAll(List.of("Content-Type", "application/json"));
        }
        all.addAll(Arrays.asList(headers));
        return call(method, path, body, all.toArray(String[]::new));
    }

    /** Issues a read key, a second after the last one. */
    IssuedKey issue(String user, String organization, String name) {
        clock.advance(Duration.ofSeconds(1));
        return keys.issue(family.spec(user, organization).named(name).createdBy(Actor.of(user)));
    }

    void revoke(ApiKey key) {
        clock.advance(Duration.ofSeconds(1));
        keys.revoke(KeyRef.of(key.id()), new Actor("admin", ClientRequest.NONE), "");
    }

    List<ApiKey> storedKeys() {
        return store.list(KeyFilter.everything(), ALL).items();
    }

    List<AuditEntry> storedAudit() {
        return store.audit(AuditFilter.everything(), ALL).items();
    }

    /** The routes for people, with which tests cover those that nobody had thought of when they were written. */
    List<Route<?>> routes() {
        return family.family(this).codec().routes().stream()
                .filter(route -> route.access() == Route.Access.SESSION)
                .toList();
    }

    String nameOf(Field field) {
        return family.family(this).codec().name(field);
    }

    static KeyPolicy manyKeys() {
        KeyPolicy policy = KeyPolicy.DEFAULT;
        for (KeyKind kind : KeyKind.values()) {
            policy = policy.maxActive(kind, 10_000);
        }
        return policy;
    }

    /** Who works in an organization belongs to that one alone, and to its workspaces, whose names begin with its own. */
    static Grantable grantable(Caller.Session caller, Owner owner) {
        String organization = caller.organization().orElse("");
        boolean member = (owner.organization() == null || owner.organization().equals(organization))
                && (owner.workspace() == null || owner.workspace().startsWith(organization + "_"));
        return member
                ? Grantable.scopes(ScopeGroup.of("systems", "read", "manage"), ScopeGroup.of("users", "read"))
                : Grantable.notAMember();
    }

    StepUp.Result prove(String user, Password typed) {
        stepUps.incrementAndGet();
        duringStepUp.run();
        return switch (typed.reveal()) {
            case PASSWORD -> StepUp.Result.PROVEN;
            case BUSY_PASSWORD -> StepUp.Result.BUSY;
            case UNCHECKABLE_PASSWORD -> StepUp.Result.UNAVAILABLE;
            case EXPLOSIVE_PASSWORD -> throw new IllegalStateException("no route to ldap for " + typed.reveal());
            default -> StepUp.Result.WRONG;
        };
    }

    private static Caller callerOf(HttpServletRequest request) {
        Cookie[] cookies = request.getCookies();
        if (cookies == null) {
            return Caller.anonymous();
        }
        String session = cookies[0].getValue();
        if (session.equals("job")) {
            return Caller.notInteractive();
        }
        return session(session);
    }

    /** Who is logged in with this cookie. */
    static Caller.Session session(String session) {
        boolean administrator = session.endsWith("!");
        String[] parts = session.replace("!", "").split("@", 2);
        Caller.Session user = Caller.session(parts[0]);
        Caller.Session inPlace = parts.length == 1 ? user : user.inOrganization(parts[1]);
        return administrator ? inPlace.asAdministrator() : inPlace;
    }

    @Override
    public void close() {
        server.close();
        keys.close();
    }
}
