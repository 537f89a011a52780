package dev.apikeys.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.apikeys.IssuedKey;
import dev.apikeys.testkit.StoreCall;
import dev.apikeys.testservers.FilterKeys;
import dev.apikeys.testservers.LogCapture;
import dev.apikeys.testservers.RawHttp;
import dev.apikeys.testservers.Secrets;
import dev.apikeys.testservers.ServletServer.Container;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What logs, and answers, never hold. */
class ManagementLogTest {
    private static final String ALICE = "alice@org_1";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** At TRACE, through every way to fail. */
    @ParameterizedTest
    @EnumSource
    void passwordAndToken_throughEveryFailure_areInNoLogAndNoAnswer(Container container) throws Exception {
        String canary = "canary-" + UUID.randomUUID();
        List<String> answers = new ArrayList<>();
        String token;
        try (LogCapture log = LogCapture.start();
                ManagementWorld world = ManagementWorld.in(container)
                        .policy(ManagementWorld.manyKeys())
                        .start()) {
            IssuedKey issued = world.issue("alice", "org_1", "alice's");
            token = issued.token().reveal();
            for (String body : List.of(
                    "{\"name\":\"a\",\"mode\":\"read\",\"password\":\"" + canary + "\"}",
                    "{\"name\":\"\",\"mode\":\"x\",\"password\":\"" + canary + "\"}",
                    "{\"name\":\"a\",\"mode\":\"read\",\"password\":[\"" + canary + "\"]}",
                    "{\"name\":\"a\",\"mode\":\"read\",\"password\":{\"" + canary + "\":1}}",
                    "{\"name\":\"a\",\"mode\":\"read\",\"password\":" + canary + "}",
                    "{\"password\":\"" + canary,
                    "{\"password\":\"" + canary + "\",\"password\":\"" + canary + "\"}",
                    "{\"password\":\"" + canary + "\"} " + canary,
                    "{\"" + canary + "\":1,\"" + canary + "\":2}",
                    "{\"password\":\"" + canary + "\\q\"}",
                    canary)) {
                for (String who : List.of(ALICE, "job", "nobody\u0001")) {
                    answers.add(world.as(who.replace("\u0001", ""), "POST", "", body)
                            .body());
                }
                answers.add(world.as(ALICE, "POST", "", body, "Authorization", "Bearer " + token)
                        .body());
                answers.add(world.as(ALICE, "POST", "", body, "Origin", "https://evil.example")
                        .body());
                answers.add(world.as(ALICE, "PUT", "", body).body());
                answers.add(world.as(ALICE, "DELETE", "/" + issued.key().id() + "x", body)
                        .body());
            }
            for (Throwable failure : ManagementFaultTest.failures()) {
                world.store.failBefore(StoreCall.INSERT, failure);
                answers.add(world.as(ALICE, "POST", "", valid()).body());
                world.store.failAfter(StoreCall.INSERT, failure);
                answers.add(world.as(ALICE, "POST", "", valid()).body());
                world.store.failBefore(StoreCall.FIND_CREDENTIAL, failure);
                answers.add(world.as(ALICE, "GET", "", "", "X-API-Key", FilterKeys.unknownToken())
                        .body());
                world.store.heal();
            }
            answers.add(world.as(ALICE, "GET", "", "", "X-API-Key", FilterKeys.withOtherEnd(token))
                    .body());
            answers.add(world.as(
                            ALICE,
                            "POST",
                            "",
                            valid().replace(ManagementWorld.PASSWORD, ManagementWorld.EXPLOSIVE_PASSWORD))
                    .body());
            answers.add(world.as(ALICE, "GET", "", "").body());
            answers.add(world.as(ALICE, "GET", "/audit", "").body());

            String minted = JSON.readTree(world.as(ALICE, "POST", "", valid()).body())
                    .at("/data/token")
                    .textValue();

            String seen = String.join(
                    "\n", log.lines().stream().map(LogCapture.Line::text).toList());
            assertThat(seen).as("the log was captured").contains("a management call failed");
            Secrets secrets = new Secrets(List.of(
                    token,
                    minted,
                    "." + canary,
                    "." + ManagementWorld.PASSWORD,
                    "." + ManagementWorld.EXPLOSIVE_PASSWORD));
            assertThat(secrets.foundIn(seen)).isEmpty();
            assertThat(secrets.foundIn(String.join("\n", answers))).isEmpty();
        }
    }

    private static String valid() {
        return "{\"name\":\"a\",\"mode\":\"read\",\"password\":\"" + ManagementWorld.PASSWORD + "\"}";
    }

    /** Behind a proxy that ends TLS every change gets a 403, which doesn't say why. */
    @ParameterizedTest
    @EnumSource
    void changeFromAnotherOrigin_isExplained_withBothOrigins(Container container) throws Exception {
        try (LogCapture log = LogCapture.start();
                ManagementWorld world = ManagementWorld.in(container).start()) {
            String own = world.server.uri("").toString();
            String page = own.replace("http:", "https:");

            assertThat(world.as(ALICE, "POST", "", valid(), "Origin", page).statusCode())
                    .isEqualTo(403);
            assertThat(world.as(ALICE, "POST", "", valid(), "Origin", "https://forged;x")
                            .statusCode())
                    .isEqualTo(403);

            assertThat(log.ours())
                    .extracting(LogCapture.Line::text)
                    .anySatisfy(line -> assertThat(line).contains(page, own, "allowedOrigins"))
                    .noneSatisfy(line -> assertThat(line).contains("forged"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void logLines_whateverTheCallerSends_areOneLineEach(Container container) throws Exception {
        try (LogCapture log = LogCapture.start();
                ManagementWorld world = ManagementWorld.in(container).start()) {
            for (String hostile : List.of("\\r\\nERROR forged", "\\u001b[31m", "\\u202e", "\\u2028forged")) {
                String body = valid().replace("\"a\"", "\"" + hostile + "\"");
                world.as(ALICE, "POST", "", body);
                world.as(
                        ALICE,
                        "POST",
                        "",
                        valid().replace(ManagementWorld.PASSWORD, ManagementWorld.EXPLOSIVE_PASSWORD));
            }
            world.store.failBefore(StoreCall.LIST, new IllegalStateException("\r\nERROR forged \u001b[31m\u2028"));
            world.as(ALICE, "GET", "", "", "User-Agent", "x\u00851b[31m");
            RawHttp.get(
                    world.server.port(),
                    ManagementWorld.MOUNT + "?x=%0d%0aforged",
                    "Cookie: session=" + ALICE,
                    "User-Agent: \u001b[31mforged");
            world.store.failBefore(StoreCall.APPLY, new IllegalStateException("forged"));
            RawHttp.request(
                    world.server.port(),
                    "DELETE",
                    ManagementWorld.MOUNT + "/%0d%0aforged%1b",
                    "Cookie: session=" + ALICE);

            assertThat(log.ours()).isNotEmpty().allSatisfy(line -> {
                assertThat(line.text().strip().codePoints())
                        .noneMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x202E);
                assertThat(line.text()).doesNotContain("forged");
            });
        }
    }
}
