package dev.apikeys;

import static dev.apikeys.testkit.TestKeys.ACTOR;
import static dev.apikeys.testkit.TestKeys.ref;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.testkit.Race;
import dev.apikeys.testkit.TestKeys;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("tr-skip") // Counting knows no locale.
class KeyLimitTest {
    private final TestKeys service = new TestKeys();

    @AfterEach
    void close() {
        service.close();
    }

    @RepeatedTest(10)
    void sixtyFourThreads_againstALimitOfFive_getFiveKeys() throws Exception {
        List<Race.Outcome<IssuedKey>> outcomes = Race.run(64, service::issue);

        assertThat(outcomes).filteredOn(Race.Outcome::succeeded).hasSize(5);
        assertThat(outcomes)
                .filteredOn(outcome -> !outcome.succeeded())
                .allMatch(outcome ->
                        outcome.failure() instanceof KeyLimitExceededException refusal && refusal.limit() == 5);
        assertThat(service.keys().listAll(KeyFilter.everything())).hasSize(5);
    }

    @Test
    void limit_countsByOwnerAndKind() {
        List<KeySpec> owners = List.of(
                TestKeys.spec(),
                KeySpec.forUser("alice", "org_2").named("CRM").mode(Mode.READ),
                KeySpec.forUser("bob", "org_1").named("CRM").mode(Mode.READ));
        for (KeySpec spec : owners) {
            for (int i = 0; i < 5; i++) {
                service.keys().issue(spec);
            }
            assertThatThrownBy(() -> service.keys().issue(spec)).isInstanceOf(KeyLimitExceededException.class);
        }
        KeySpec workspace =
                KeySpec.forWorkspace("alice", "org_1", "ws_1").named("CRM").mode(Mode.READ);
        for (int i = 0; i < 20; i++) {
            service.keys().issue(workspace);
        }
        assertThatThrownBy(() -> service.keys().issue(workspace)).isInstanceOf(KeyLimitExceededException.class);
    }

    @Test
    void limit_isFreedByRevocationAndExpiry() {
        IssuedKey first = service.keys().issue(TestKeys.spec().expiresIn(Duration.ofDays(1)));
        IssuedKey second = service.issue();
        for (int i = 0; i < 3; i++) {
            service.issue();
        }
        assertThatThrownBy(service::issue).isInstanceOf(KeyLimitExceededException.class);

        service.keys().revoke(ref(second), ACTOR, "");
        assertThat(service.issue()).isNotNull();
        assertThatThrownBy(service::issue).isInstanceOf(KeyLimitExceededException.class);

        service.clock().advance(Duration.ofDays(1));
        assertThat(service.issue()).isNotNull();
        assertThatThrownBy(service::issue).isInstanceOf(KeyLimitExceededException.class);
        assertThat(first.key().countsAt(service.clock().instant())).isFalse();
    }
}
