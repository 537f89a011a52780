package dev.apikeys.management;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.apikeys.ClientRequest;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyKind;
import dev.apikeys.KeyOptions;
import dev.apikeys.KeyOptions.SelfRevocation;
import dev.apikeys.KeyPolicy;
import dev.apikeys.KeyPrincipal;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import dev.apikeys.Owner;
import dev.apikeys.Scopes;
import dev.apikeys.StoreUnavailableException;
import dev.apikeys.management.ScopeCatalogue.Grantable;
import dev.apikeys.mcp.McpPolicy;
import dev.apikeys.mcp.McpPreset;
import dev.apikeys.spi.OwnerDirectory;
import dev.apikeys.testkit.StoreCall;
import dev.apikeys.testservers.Http;
import dev.apikeys.testservers.LogCapture;
import dev.apikeys.testservers.ServletServer.Container;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every body and every status of every family, byte for byte, from files. */
class ManagementGoldenTest {
    private static final String USER = "jf584cz36kce";
    private static final String ORGANIZATION = "org_a1b2c3";
    private static final Map<ManagedFamily, String> DIRECTORIES = Map.of(
            ManagedFamily.PERSONAL, "family-a",
            ManagedFamily.WORKSPACE, "family-b",
            ManagedFamily.TENANT, "family-c",
            ManagedFamily.ADMINISTRATION, "family-c-admin");
    private static final ClientRequest USE = new ClientRequest("203.0.113.7", "GET", "/api/contacts");

    @TestFactory
    Stream<DynamicTest> answer_toEveryGoldenRequest_isTheSameToTheByte() throws Exception {
        List<DynamicTest> tests = new ArrayList<>();
        for (Container container : Container.values()) {
            for (ManagedFamily family : ManagedFamily.values()) {
                for (GoldenExchange exchange : GoldenExchange.in(DIRECTORIES.get(family))) {
                    tests.add(DynamicTest.dynamicTest(
                            container + " " + family + " " + exchange.name(),
                            () -> replay(container, family, exchange)));
                }
            }
        }
        return tests.stream();
    }

    private static void replay(Container container, ManagedFamily family, GoldenExchange exchange) throws Exception {
        Host host = new Host(container, family, exchange);
        try (ManagementWorld world = host.world;
                LogCapture log = LogCapture.start()) {
            host.prepare();
            HttpResponse<String> response = Http.call(
                    exchange.method(),
                    world.server.uri(exchange.path().replace("{key}", host.lastKey)),
                    exchange.body()
                            .replace("{64 KiB}", "x".repeat(RequestBody.MAX_LENGTH))
                            .replace("{key}", host.lastKey),
                    exchange.headers().stream()
                            .map(header -> header.replace("{token}", host.lastToken))
                            .toArray(String[]::new));
            assertThat(GoldenExchange.written(response)).isEqualTo(exchange.answer());
            assertThat(log.ours())
                    .filteredOn(line -> line.level().isGreaterOrEqual(Level.WARN))
                    .hasSize(response.statusCode() >= 500 ? 1 : 0);
        }
    }

    /** Brings about what a file says is given. */
    private static final class Host {
        private final ManagedFamily family;
        private final GoldenExchange exchange;
        private final ManagementWorld world;
        private String lastKey = UUID.randomUUID().toString();
        private String lastToken = "";
        private volatile OwnerDirectory.State owners = OwnerDirectory.State.active(Scopes.ALL);
        private volatile boolean directoryAway;
        private volatile boolean planAllows = true;
        private volatile @Nullable RuntimeException catalogueFailure;

        Host(Container container, ManagedFamily family, GoldenExchange exchange) throws Exception {
            this.family = family;
            this.exchange = exchange;
            this.world = ManagementWorld.in(container)
                    .serving(family)
                    .policy(KeyPolicy.DEFAULT.maxActive(KeyKind.WORKSPACE, 5).maxActive(KeyKind.ORGANIZATION, 5))
                    .directory(owner -> state())
                    .catalogue(this::grantable)
                    .start();
        }

        private OwnerDirectory.State state() {
            if (directoryAway) {
                throw new IllegalStateException("no route to ldap");
            }
            return owners;
        }

        private Grantable grantable(Caller.Session caller, Owner owner) {
            if (catalogueFailure != null) {
                throw catalogueFailure;
            }
            return planAllows ? ManagementWorld.grantable(caller, owner) : Grantable.upgradeRequired();
        }

        void prepare() {
            exchange.givens().forEach(this::bringAbout);
        }

        private void bringAbout(String given) {
            switch (given) {
                case "a key" -> issue(USER, "CRM production");
                case "five keys" -> Stream.of("a", "b", "c", "d", "e").forEach(name -> issue(USER, name));
                case "somebody else's key" -> issue("mallory", "not yours");
                case "another organization's key" -> remember(world.issue(USER, "org_other", "not yours"));
                case "a key that may revoke itself" -> {
                    world.clock.advance(Duration.ofSeconds(1));
                    remember(world.keys.issue(family.spec(USER, ORGANIZATION)
                            .named("Leaving")
                            .with(KeyOptions.DEFAULT.with(SelfRevocation.ALLOWED))));
                }
                case "a key called 100%_a\\b" -> issue(USER, "100%_a\\b");
                case "a key for agents" -> {
                    world.clock.advance(Duration.ofSeconds(1));
                    remember(world.keys.issue(family.spec(USER, ORGANIZATION)
                            .named("Agent")
                            .with(KeyOptions.DEFAULT.with(McpPolicy.of(McpPreset.READ_ONLY)))));
                }
                case "the key's session for agents" -> {
                    KeyPrincipal agent = world.keys.verify(lastToken).orElseThrow();
                    world.keys.mcpSessionOpened(agent);
                }
                case "a denied call of an agent" -> {
                    issue(USER, "Agent");
                    world.clock.advance(Duration.ofSeconds(1));
                    world.keys.mcpDenied(world.keys.verify(lastToken).orElseThrow(), USE, "systems_delete: read_only");
                    world.keys.flush();
                }
                case "the directory is away" -> directoryAway = true;
                case "the catalogue is away" -> catalogueFailure = new IllegalStateException("no route to ldap");
                case "the catalogue takes too long" ->
                    catalogueFailure = new IllegalStateException(new TimeoutException("ldap"));
                case "the plan has no keys" -> planAllows = false;
                case "the store takes too long" ->
                    world.store.failBefore(
                            StoreCall.LIST,
                            StoreUnavailableException.timedOut("could not list in time", new SQLException("57014")));
                case "a used key" -> {
                    issue(USER, "Used");
                    world.clock.advance(Duration.ofMillis(1_500));
                    world.keys.verify(lastToken, USE);
                    world.keys.flush();
                }
                case "a revoked key" -> {
                    IssuedKey issued = issue(USER, "Revoked");
                    world.revoke(issued.key());
                }
                case "an expired key" -> {
                    KeySpec spec = family.spec(USER, ORGANIZATION);
                    remember(world.keys.issue((family == ManagedFamily.PERSONAL ? spec.mode(Mode.WRITE) : spec)
                            .named("Expired")
                            .expiresIn(Duration.ofMinutes(1))));
                    world.clock.advance(Duration.ofHours(1));
                }
                case "a refused secret" -> {
                    issue(USER, "Attacked");
                    String id = lastToken.substring(0, lastToken.indexOf('.') + 1);
                    world.clock.advance(Duration.ofSeconds(1));
                    world.keys.verify(id + "0".repeat(48), USE);
                    world.keys.flush();
                }
                case "the store is away when keys are listed" ->
                    world.store.failBefore(StoreCall.LIST, new StoreUnavailableException("no connection"));
                case "the store breaks when keys are listed" -> world.store.failBefore(StoreCall.LIST, broken());
                case "the store breaks when a key is inserted" -> world.store.failBefore(StoreCall.INSERT, broken());
                case "somebody else changes the key each time" -> world.store.answer(StoreCall.APPLY, Optional.empty());
                case "the user is suspended" -> owners = OwnerDirectory.State.inactive();
                default -> throw new IllegalArgumentException(given);
            }
        }

        private static Throwable broken() {
            return new IllegalStateException("SELECT hash FROM api_key failed");
        }

        private IssuedKey issue(String user, String name) {
            return remember(world.issue(user, ORGANIZATION, name));
        }

        private IssuedKey remember(IssuedKey issued) {
            lastKey = issued.key().id().toString();
            lastToken = issued.token().reveal();
            return issued;
        }
    }

    /** A file that nobody replays proves nothing. */
    @ParameterizedTest
    @CsvSource({
        "family-a, 200 201 400 401 403 404 405 409 413 415 500 503",
        "family-b, 200 201 204 400 401 403 404 405 409 413 415 422 426 500 502 503 504",
        "family-c, 200 201 400 401 403 404 405 409 413 415 500 503",
        "family-c-admin, 200 400 401 403 404 405 500 503"
    })
    void goldenFiles_coverEveryStatusOfTheFamily(String directory, String statuses) throws Exception {
        assertThat(GoldenExchange.in(directory).stream()
                        .map(exchange -> exchange.answer().substring(0, 3)))
                .contains(statuses.split(" "));
    }

    /** The examples of the contract, as it prints them. */
    @Test
    void goldenFiles_containEveryExampleOfTheContract() throws Exception {
        List<String> bodies = GoldenExchange.in("family-a").stream()
                .map(exchange -> exchange.answer().replaceFirst("(?s).*?\n\n", ""))
                .toList();
        String examples = Files.readString(Path.of("src/test/resources/golden/family-a-examples.json"));
        for (String example : examples.strip().split("\n(?=\\{\"code\")", -1)) {
            assertThat(bodies).contains(example.replaceAll(",\n *", ",").replaceAll("\\{\n *", "{"));
        }
    }
}
