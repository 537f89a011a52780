package dev.apikeys.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.apikeys.ClientRequest;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import dev.apikeys.Scopes;
import dev.apikeys.StoreUnavailableException;
import dev.apikeys.servlet.FaultyStore.Moment;
import dev.apikeys.servlet.TestServer.Container;
import dev.apikeys.spi.OwnerDirectory;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every body and every status of the family of personal keys, byte for byte, from files. */
class PersonalKeysGoldenTest {
    private static final String USER = "jf584cz36kce";
    private static final String ORGANIZATION = "org_a1b2c3";
    private static final ClientRequest USE = new ClientRequest("203.0.113.7", "GET", "/api/contacts");

    @TestFactory
    Stream<DynamicTest> answer_toEveryGoldenRequest_isTheSameToTheByte() throws Exception {
        List<DynamicTest> tests = new ArrayList<>();
        for (Container container : Container.values()) {
            for (GoldenExchange exchange : GoldenExchange.in("family-a")) {
                tests.add(
                        DynamicTest.dynamicTest(container + " " + exchange.name(), () -> replay(container, exchange)));
            }
        }
        return tests.stream();
    }

    private static void replay(Container container, GoldenExchange exchange) throws Exception {
        Host host = new Host(container, exchange);
        try (ManagementWorld world = host.world;
                LogCapture log = LogCapture.start()) {
            host.prepare();
            HttpResponse<String> response = Http.call(
                    exchange.method(),
                    world.server.uri(exchange.path().replace("{key}", host.lastKey)),
                    exchange.body().replace("{64 KiB}", "x".repeat(RequestBody.MAX_LENGTH)),
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
        private final GoldenExchange exchange;
        private final ManagementWorld world;
        private String lastKey = UUID.randomUUID().toString();
        private String lastToken = "";
        private volatile OwnerDirectory.State owners = OwnerDirectory.State.active(Scopes.ALL);

        Host(Container container, GoldenExchange exchange) throws Exception {
            this.exchange = exchange;
            this.world =
                    ManagementWorld.in(container).directory(owner -> owners).start();
        }

        void prepare() {
            exchange.givens().forEach(this::bringAbout);
        }

        private void bringAbout(String given) {
            switch (given) {
                case "a key" -> issue(USER, "CRM production");
                case "five keys" -> Stream.of("a", "b", "c", "d", "e").forEach(name -> issue(USER, name));
                case "somebody else's key" -> issue("mallory", "not yours");
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
                    remember(world.keys.issue(KeySpec.forUser(USER, ORGANIZATION)
                            .named("Expired")
                            .mode(Mode.WRITE)
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
                    world.store.failAt("list", Moment.BEFORE, new StoreUnavailableException("no connection"));
                case "the store breaks when keys are listed" -> world.store.failAt("list", Moment.BEFORE, broken());
                case "the store breaks when a key is inserted" -> world.store.failAt("insert", Moment.BEFORE, broken());
                case "somebody else changes the key each time" -> world.store.answerAt("apply", Optional.empty());
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
    @Test
    void goldenFiles_coverEveryStatusOfTheFamily() throws Exception {
        assertThat(GoldenExchange.in("family-a").stream()
                        .map(exchange -> exchange.answer().substring(0, 3)))
                .contains("200", "201", "400", "401", "403", "404", "405", "409", "413", "415", "500", "503");
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
