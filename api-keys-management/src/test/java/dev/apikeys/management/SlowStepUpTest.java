package dev.apikeys.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.testservers.ServletServer.Container;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of a call whose proof takes longer to check than the key was to live. */
class SlowStepUpTest {
    @ParameterizedTest
    @CsvSource({"3, 400", "5, 400", "7, 201"})
    void newKey_thatWouldHaveEndedMeanwhile_isOneFieldThatIsWrong(int seconds, int status) throws Exception {
        AtomicReference<ManagementWorld> started = new AtomicReference<>();
        try (ManagementWorld world = ManagementWorld.in(Container.JETTY)
                .duringStepUp(() -> started.get().clock.advance(Duration.ofSeconds(5)))
                .start()) {
            started.set(world);
            Instant end = world.clock.instant().plusSeconds(seconds);
            HttpResponse<String> answer =
                    world.as("alice@org_1", "POST", "", """
                    {"name":"CRM","mode":"read","password":"%s","expires_at":"%s"}""".formatted(ManagementWorld.PASSWORD, end));

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
            if (status == 400) {
                assertThat(answer.body())
                        .contains("{\"key\":\"expires_at\",\"message\":\"out_of_range\",\"value\":\"" + end + "\"}");
                assertThat(world.storedKeys()).isEmpty();
            }
        }
    }
}
