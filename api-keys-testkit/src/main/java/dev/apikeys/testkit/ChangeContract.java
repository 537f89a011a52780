package dev.apikeys.testkit;

import static dev.apikeys.testkit.SampleKey.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.Actor;
import dev.apikeys.ApiKey;
import dev.apikeys.ApiKey.LastUse;
import dev.apikeys.AuditEvent;
import dev.apikeys.AuditFilter;
import dev.apikeys.Grant;
import dev.apikeys.KeyUpdate;
import dev.apikeys.Mode;
import dev.apikeys.Scopes;
import dev.apikeys.spi.AppliedChange;
import dev.apikeys.spi.KeyUse;
import dev.apikeys.spi.StoredCredential;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A change is carried out completely and once, on the version from which it was computed. */
public interface ChangeContract extends StoreUnderTest {
    @Test
    default void apply_storedVersion_replacesTheRecord() {
        ApiKey key = stored(new SampleKey().allowedFrom("10.0.0.0/8").build());
        Instant at = NOW.plusSeconds(1);
        KeyUpdate update = KeyUpdate.nothing()
                .named("naïve 🔑")
                .scopes(Scopes.of("read:*", "manage:x"))
                .allowedFrom(new String[0]);
        ApiKey updated = key.updated(update, at);

        AppliedChange applied = applied(SampleKey.change(key, updated, at));

        assertThat(applied.publicIds()).containsExactly(key.publicId());
        assertThat(current(key)).isEqualTo(updated);
        assertThat(current(key).version()).isEqualTo(2);
        assertThat(credential(key.publicId()))
                .isEqualTo(new StoredCredential(key.publicId(), SampleKey.hashOf(key.publicId()), null, updated));
    }

    @Test
    default void apply_pauseAndResume_areStored() {
        ApiKey key = stored(new SampleKey().build());
        ApiKey paused = key.paused(NOW.plusSeconds(1));
        ApiKey resumed = paused.resumed(NOW.plusSeconds(2));

        applied(SampleKey.change(key, paused, NOW.plusSeconds(1)));
        assertThat(current(key)).isEqualTo(paused);
        applied(SampleKey.change(paused, resumed, NOW.plusSeconds(2)));
        assertThat(current(key)).isEqualTo(resumed);
    }

    @Test
    default void apply_revocation_isStoredWithActorAndReason() {
        ApiKey key = stored(new SampleKey().build());
        ApiKey revoked = key.revoked(Actor.of("bob"), "left the firm", NOW.plusMillis(1));

        applied(SampleKey.change(key, revoked, NOW.plusMillis(1)));

        assertThat(current(key)).isEqualTo(revoked);
        assertThat(credential(key.publicId()).key()).isEqualTo(revoked);
    }

    @Test
    default void apply_grantFromScopesToMode_leavesNoScopes() {
        ApiKey key =
                stored(new SampleKey().granting(Grant.of(Scopes.of("read:x"))).build());
        ApiKey updated = key.updated(KeyUpdate.nothing().mode(Mode.WRITE), NOW);
        applied(SampleKey.change(key, updated, NOW));
        assertThat(current(key)).isEqualTo(updated);
    }

    @Test
    default void apply_olderVersion_isRefusedAndWritesNothing() {
        ApiKey key = stored(new SampleKey().build());
        ApiKey updated = key.updated(KeyUpdate.nothing().named("second"), NOW);
        applied(SampleKey.change(key, updated, NOW));
        long epoch = nextEpoch();

        Optional<AppliedChange> refused = store().apply(
                        SampleKey.change(key, key.updated(KeyUpdate.nothing().named("lost"), NOW), NOW));

        assertThat(refused).isEmpty();
        assertThat(current(key)).isEqualTo(updated);
        assertThat(trail(AuditFilter.everything().event(AuditEvent.UPDATED))).hasSize(1);
        assertThat(nextEpoch()).isEqualTo(epoch + 1);
    }

    @Test
    default void apply_newerVersionThanStored_isRefused() {
        ApiKey key = stored(new SampleKey().build());
        ApiKey paused = key.paused(NOW);
        assertThat(store().apply(SampleKey.change(paused, paused.resumed(NOW), NOW)))
                .isEmpty();
        assertThat(current(key)).isEqualTo(key);
    }

    @Test
    default void apply_keyThatWasNeverStored_isRefusedAndWritesNothing() {
        ApiKey key = new SampleKey().build();
        assertThat(store().apply(SampleKey.pause(key))).isEmpty();
        assertThat(trail(AuditFilter.everything())).isEmpty();
    }

    @Test
    default void apply_anotherKey_staysAsItIs() {
        ApiKey key = stored(new SampleKey().build());
        ApiKey other = stored(new SampleKey().build());
        applied(SampleKey.revoke(key));
        assertThat(current(other)).isEqualTo(other);
    }

    @Test
    default void apply_manyThreadsFromOneVersion_carriesOutExactlyOne() throws Exception {
        ApiKey key = stored(new SampleKey().build());
        long epoch = nextEpoch();

        List<Optional<AppliedChange>> results = Race.between(16, i -> () -> {
            ApiKey updated = key.updated(KeyUpdate.nothing().named("by thread " + i), NOW);
            return store().apply(SampleKey.change(key, updated, NOW));
        });

        List<AppliedChange> applied = results.stream().flatMap(Optional::stream).toList();
        assertThat(applied).hasSize(1);
        assertThat(applied.get(0).epoch()).isEqualTo(epoch + 1);
        assertThat(current(key).version()).isEqualTo(2);
        assertThat(current(key).name()).isEqualTo("by thread " + results.indexOf(Optional.of(applied.get(0))));
        assertThat(trail(AuditFilter.everything().event(AuditEvent.UPDATED))).hasSize(1);
        assertThat(nextEpoch()).isEqualTo(epoch + 2);
    }

    @Test
    default void apply_recordReadBeforeALaterUse_keepsTheUse() {
        ApiKey key = stored(new SampleKey().build());
        LastUse use = new LastUse(NOW.plusSeconds(5), "192.0.2.9");
        store().recordUses(List.of(new KeyUse(key.id(), use)));

        applied(SampleKey.revoke(key));

        assertThat(current(key).lastUse()).isEqualTo(use);
    }
}
