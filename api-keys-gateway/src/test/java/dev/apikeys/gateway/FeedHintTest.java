package dev.apikeys.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a relay answers to somebody who waits for changes. */
class FeedHintTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{",
                "{\"changed\":\"true\"}",
                "{\"changed\":false,\"spread_ms\":5}",
                "{\"spread_ms\":5}"
            })
    void whatIsNoHint_isNone(String answer) {
        assertThat(FeedHint.read(answer.getBytes(StandardCharsets.UTF_8))).isEqualTo(FeedHint.NONE);
    }

    @Test
    void hint_isReadAsItWasWritten_andItsSpreadIsBounded() {
        for (FeedHint hint : List.of(FeedHint.NONE, FeedHint.NOW, FeedHint.forAll(100), FeedHint.forAll(1_000_000))) {
            assertThat(FeedHint.read(hint.toJson())).isEqualTo(hint);
        }
        assertThat(FeedHint.forAll(1_000_000).spread()).isEqualTo(Duration.ofMillis(200));
        for (String spread : List.of("-5", "99999999999", "1e9", "\"x\"", "[1]")) {
            String answer = "{\"changed\":true,\"spread_ms\":" + spread + "}";
            assertThat(FeedHint.read(answer.getBytes(StandardCharsets.UTF_8)).spread())
                    .isBetween(Duration.ZERO, Duration.ofMillis(200));
        }
    }
}
