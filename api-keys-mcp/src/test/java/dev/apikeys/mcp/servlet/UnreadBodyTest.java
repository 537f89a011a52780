package dev.apikeys.mcp.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.IssuedKey;
import dev.apikeys.mcp.McpPreset;
import dev.apikeys.testservers.Http;
import dev.apikeys.testservers.ServletServer.Container;
import java.net.http.HttpResponse;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Answers of filter and guard to requests whose body wasn't read are heard. */
@Tag("tr-skip") // A connection knows no locale.
class UnreadBodyTest {
    private static final String JSON = "application/json";
    private static final String LONG = " ".repeat(60_000);
    private static final int OFTEN = 150;

    private static void isAlwaysHeard(int status, Supplier<HttpResponse<String>> call) {
        for (int i = 0; i < OFTEN; i++) {
            assertThat(call.get().statusCode()).isEqualTo(status);
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusal_byFilterOrGuardWithUnreadBody_isAlwaysHeard(Container container) throws Exception {
        try (GuardWorld world = new GuardWorld(container, guard -> guard.maxRequestLength(1_024))) {
            IssuedKey key = world.issue(McpPreset.FULL);
            isAlwaysHeard(401, () -> Http.call("POST", world.server().uri("/mcp"), LONG, "Content-Type", JSON));
            isAlwaysHeard(413, () -> world.post(key, LONG));
            isAlwaysHeard(415, () -> world.post(key, LONG, "Content-Type", "text/plain"));
            isAlwaysHeard(405, () -> world.call("PUT", "/mcp", key, LONG));
        }
    }
}
