package dev.apikeys.testkit;

import static dev.apikeys.testkit.SampleKey.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.ApiKey;
import dev.apikeys.AuditEvent;
import dev.apikeys.AuditFilter;
import dev.apikeys.DuplicateKeyException;
import dev.apikeys.KeyFilter;
import dev.apikeys.spi.AppliedChange;
import dev.apikeys.spi.KeyChange;
import dev.apikeys.spi.StoredCredential;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A rotated key has two tokens that work: the new one, and the one before it until its end. */
public interface RotationContract extends StoreUnderTest {
    /** The grace of the rotations here. */
    Duration GRACE = Duration.ofHours(24);

    @Test
    default void rotation_newToken_isFoundWithItsOwnHash() {
        ApiKey key = stored(new SampleKey().build());
        KeyChange rotation = SampleKey.rotate(key, SampleKey.randomPublicId(), NOW, GRACE);

        applied(rotation);

        String newId = rotation.after().publicId();
        assertThat(credential(newId))
                .isEqualTo(new StoredCredential(newId, SampleKey.hashOf(newId), null, rotation.after()));
        assertThat(current(key)).isEqualTo(rotation.after());
        assertThat(listed(KeyFilter.everything())).containsExactly(rotation.after());
    }

    @Test
    default void rotation_oldToken_staysVisibleWithItsEnd() {
        ApiKey key = stored(new SampleKey().build());
        KeyChange rotation = SampleKey.rotate(key, SampleKey.randomPublicId(), NOW, GRACE);

        applied(rotation);

        assertThat(credential(key.publicId()))
                .isEqualTo(new StoredCredential(
                        key.publicId(), SampleKey.hashOf(key.publicId()), NOW.plus(GRACE), rotation.after()));
    }

    @Test
    default void rotation_secondWithinTheGrace_endsTheFirstTokenAtOnce() {
        ApiKey first = stored(new SampleKey().build());
        ApiKey second = rotated(first, NOW);
        Instant later = NOW.plusSeconds(60);
        ApiKey third = rotated(second, later);

        assertThat(credential(first.publicId()).validUntil()).isEqualTo(later);
        assertThat(credential(second.publicId()).validUntil()).isEqualTo(later.plus(GRACE));
        assertThat(credential(third.publicId()).validUntil()).isNull();
    }

    @Test
    default void rotation_tokensThatEndedBefore_keepTheirEnd() {
        ApiKey first = stored(new SampleKey().build());
        ApiKey second = rotated(first, NOW);
        rotated(second, NOW.plus(GRACE).plusSeconds(60));
        assertThat(credential(first.publicId()).validUntil()).isEqualTo(NOW.plus(GRACE));
    }

    @Test
    default void rotation_everyTokenOfTheKey_isReportedAsOutdated() {
        ApiKey first = stored(new SampleKey().build());
        ApiKey second = rotated(first, NOW);
        KeyChange rotation = SampleKey.rotate(second, SampleKey.randomPublicId(), NOW.plusSeconds(1), GRACE);

        assertThat(applied(rotation).publicIds())
                .containsExactlyInAnyOrder(
                        first.publicId(), second.publicId(), rotation.after().publicId());
        assertThat(applied(SampleKey.revoke(rotation.after())).publicIds())
                .contains(second.publicId(), rotation.after().publicId());
    }

    @Test
    default void rotation_revocationAfterwards_reachesBothTokens() {
        ApiKey first = stored(new SampleKey().build());
        ApiKey second = rotated(first, NOW);
        KeyChange revocation = SampleKey.revoke(second);

        applied(revocation);

        assertThat(credential(first.publicId()).key()).isEqualTo(revocation.after());
        assertThat(credential(second.publicId()).key()).isEqualTo(revocation.after());
    }

    /** A store may forget tokens that ended, if there are many. */
    @Test
    default void rotation_manyTimes_leavesAKeyThatCanBeRevoked() {
        List<ApiKey> versions = new ArrayList<>(List.of(stored(new SampleKey().build())));
        for (int i = 0; i < 150; i++) {
            versions.add(rotated(versions.get(i), NOW.plusSeconds(i)));
        }
        ApiKey latest = versions.get(150);
        KeyChange revocation = SampleKey.revoke(latest);

        AppliedChange change = applied(revocation);

        assertThat(change.publicIds()).contains(versions.get(149).publicId(), latest.publicId());
        assertThat(versions)
                .allSatisfy(version -> assertThat(store().findCredential(version.publicId()))
                        .matches(found -> found.isEmpty() || found.get().key().equals(revocation.after())));
        assertThat(credential(latest.publicId()).key()).isEqualTo(revocation.after());
    }

    @Test
    default void rotation_tokensOfAnotherKey_stayAsTheyAre() {
        ApiKey other = stored(new SampleKey().build());
        rotated(stored(new SampleKey().build()), NOW);
        assertThat(credential(other.publicId()).validUntil()).isNull();
    }

    @Test
    default void rotation_manyThreadsAtOnce_giveExactlyOneSuccessor() throws Exception {
        ApiKey key = stored(new SampleKey().build());
        List<KeyChange> rotations = List.of(
                SampleKey.rotate(key, SampleKey.randomPublicId(), NOW, GRACE),
                SampleKey.rotate(key, SampleKey.randomPublicId(), NOW, GRACE),
                SampleKey.rotate(key, SampleKey.randomPublicId(), NOW, GRACE),
                SampleKey.rotate(key, SampleKey.randomPublicId(), NOW, GRACE));

        List<Optional<AppliedChange>> results =
                Race.between(rotations.size(), i -> () -> store().apply(rotations.get(i)));

        assertThat(results.stream().filter(Optional::isPresent)).hasSize(1);
        for (int i = 0; i < rotations.size(); i++) {
            String newId = rotations.get(i).after().publicId();
            assertThat(store().findCredential(newId).isPresent())
                    .isEqualTo(results.get(i).isPresent());
        }
        assertThat(trail(AuditFilter.everything().event(AuditEvent.ROTATED))).hasSize(1);
    }

    @Test
    default void rotation_publicIdThatIsTaken_isRefusedAndWritesNothing() {
        ApiKey key = stored(new SampleKey().build());
        ApiKey other = stored(new SampleKey().build());
        KeyChange rotation = SampleKey.rotate(key, other.publicId(), NOW, GRACE);

        assertThatThrownBy(() -> store().apply(rotation)).isInstanceOf(DuplicateKeyException.class);

        assertThat(current(key)).isEqualTo(key);
        assertThat(credential(key.publicId()).validUntil()).isNull();
        assertThat(credential(other.publicId()).key()).isEqualTo(other);
        assertThat(trail(AuditFilter.everything().event(AuditEvent.ROTATED))).isEmpty();
    }

    @Test
    default void rotation_backToAnOldPublicIdOfTheKey_isRefused() {
        ApiKey first = stored(new SampleKey().build());
        ApiKey second = rotated(first, NOW);
        KeyChange back = SampleKey.rotate(second, first.publicId(), NOW, GRACE);
        assertThatThrownBy(() -> store().apply(back)).isInstanceOf(DuplicateKeyException.class);
        assertThat(current(second)).isEqualTo(second);
    }

    private ApiKey rotated(ApiKey key, Instant at) {
        KeyChange rotation = SampleKey.rotate(key, SampleKey.randomPublicId(), at, GRACE);
        applied(rotation);
        return rotation.after();
    }
}
