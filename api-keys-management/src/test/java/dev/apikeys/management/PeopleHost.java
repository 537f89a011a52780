package dev.apikeys.management;

import dev.apikeys.Actor;
import dev.apikeys.ClientRequest;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyRef;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import dev.apikeys.management.ScopeCatalogue.Grantable;
import dev.apikeys.management.ScopeCatalogue.ScopeGroup;
import dev.apikeys.management.ToolCatalogue.Tool;
import dev.apikeys.mcp.McpCall.Effect;
import dev.apikeys.testservers.ServletServer.Container;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Hosts of each family with people and keys of every age, as a page shows them. Each host starts when it is asked for. */
final class PeopleHost implements AutoCloseable {
    /** Has keys of every status. */
    static final String MIA = "mia@acme";

    /** Has no key. */
    static final String NEW = "noa@acme";

    /** Has as many keys as are allowed. */
    static final String FULL = "ole@acme";

    /** Has a key with a long name and many scopes. */
    static final String LENGTHY = "ida@acme";

    static final String ROOT = "root@acme!";
    static final int EVERYBODYS = 240;
    static final int UNREVOKED = 180;

    /** As long as a name may be, without a place to break. */
    static final String LONG_NAME = "Nightlyexportoftheinvoices".repeat(9).substring(0, 234) + " of the company";

    private static final List<String> PEOPLE = List.of("ada", "grace", "linus", "margaret", "edsger", "barbara");
    private static final List<String> USES = List.of(
            "Nightly report",
            "CRM production",
            "Grafana",
            "Invoice import",
            "Build server",
            "Laptop",
            "Backup",
            "Mobile app");

    final AnswerSwitch answers = new AnswerSwitch();
    private final Map<ManagedFamily, ManagementWorld> worlds = new EnumMap<>(ManagedFamily.class);

    ManagementWorld of(ManagedFamily family) {
        return worlds.computeIfAbsent(family, this::started);
    }

    private ManagementWorld started(ManagedFamily family) {
        try {
            ManagementWorld world = ManagementWorld.in(Container.JETTY)
                    .serving(family)
                    .catalogue((caller, owner) -> Grantable.scopes(
                            ScopeGroup.of("systems", "read", "manage"),
                            ScopeGroup.of("reports", "read", "create", "share"),
                            ScopeGroup.of("users", "read")))
                    .filter(unused -> answers)
                    .settings(servlet ->
                            family == ManagedFamily.TENANT ? servlet.page().tools(caller -> tools()) : servlet.page())
                    .start();
            switch (family) {
                case ADMINISTRATION -> fillWithEverybodys(world);
                default -> fill(world, family);
            }
            return world;
        } catch (Exception notStarted) {
            throw new IllegalStateException(notStarted);
        }
    }

    private static List<Tool> tools() {
        return List.of(
                new Tool("issues_search", "Search issues", Effect.READ_ONLY),
                new Tool("issues_create", "Create an issue", Effect.UNKNOWN),
                new Tool("reports_run", "Run a report", Effect.READ_ONLY),
                new Tool("systems_restart", "Restart a system", Effect.UNKNOWN));
    }

    private static void fill(ManagementWorld world, ManagedFamily family) {
        IssuedKey laptop = issue(world, spec(family, "mia").named("Mia’s old laptop"));
        issue(world, spec(family, "mia").named("Data import of January").expiresIn(Duration.ofDays(30)));
        IssuedKey crm = issue(world, spec(family, "mia").named("CRM production"));
        for (int key = 0; key < 5 && family == ManagedFamily.PERSONAL; key++) {
            issue(world, spec(family, "ole").named(USES.get(key)).expiresIn(Duration.ofDays(365)));
        }
        if (family == ManagedFamily.WORKSPACE) {
            String[] scopes = IntStream.range(0, 64)
                    .mapToObj(number -> "read:reports-of-department-" + number)
                    .toArray(String[]::new);
            issue(world, family.spec("ida", "acme").named(LONG_NAME).scopes(scopes));
        }
        world.clock.advance(Duration.ofDays(21));
        world.revoke(laptop.key());
        world.clock.advance(Duration.ofDays(39));
        IssuedKey zapier = issue(world, spec(family, "mia").named("Zapier"));
        IssuedKey report = issue(
                world,
                spec(family, "mia")
                        .named("Nightly report")
                        .allowedFrom("203.0.113.7", "10.20.0.0/16")
                        .expiresIn(Duration.ofDays(300)));
        world.clock.advance(Duration.ofDays(19));
        use(world, crm, "203.0.113.7");
        world.keys.pause(KeyRef.of(zapier.key().id()), Actor.of("mia"));
        world.clock.advance(Duration.ofHours(21));
        use(world, report, "10.20.4.18");
        world.clock.advance(Duration.ofHours(2));
        world.keys.verify(crm.token().reveal().replaceFirst("\\.....", ".0000"), request("198.51.100.23"));
        world.keys.flush();
    }

    private static void fillWithEverybodys(ManagementWorld world) {
        Random random = new Random(7);
        for (int key = 0; key < EVERYBODYS; key++) {
            String person = PEOPLE.get(key % PEOPLE.size()) + key / 24;
            String name = USES.get(random.nextInt(USES.size()));
            IssuedKey issued = issue(
                    world,
                    KeySpec.forUser(person, "acme")
                            .mode(Mode.READ)
                            .named(name + (key % 3 == 0 ? "" : " " + key))
                            .expiresIn(Duration.ofDays(20 + random.nextInt(300))));
            world.clock.advance(Duration.ofHours(7));
            if (key % 4 == 0) {
                world.revoke(issued.key());
            } else if (key % 2 == 0) {
                use(world, issued, "203.0.113." + key % 200);
            }
        }
    }

    private static KeySpec spec(ManagedFamily family, String user) {
        KeySpec spec = family.spec(user, "acme");
        return family == ManagedFamily.PERSONAL ? spec : spec.scopes("read:systems", "read:reports");
    }

    private static IssuedKey issue(ManagementWorld world, KeySpec spec) {
        world.clock.advance(Duration.ofSeconds(1));
        return world.keys.issue(spec.createdBy(Actor.of("mia")));
    }

    private static void use(ManagementWorld world, IssuedKey key, String address) {
        world.keys.verify(key.token().reveal(), request(address));
        world.keys.flush();
    }

    private static ClientRequest request(String address) {
        return new ClientRequest(address, "GET", "/systems");
    }

    @Override
    public void close() {
        answers.release();
        worlds.values().forEach(ManagementWorld::close);
    }
}
