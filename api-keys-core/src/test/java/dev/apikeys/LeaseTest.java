package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.spi.StoredCredential;
import dev.apikeys.testkit.SampleKey;
import dev.apikeys.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The edges of freshness and time, to the nanosecond; Y = 1 s and G = 60 s. */
@Tag("tr-skip") // Clocks know no locale.
class LeaseTest {
    private static final Duration Y = LeasePolicy.DEFAULT.trust();
    private static final Duration G = LeasePolicy.DEFAULT.grace();
    private static final Duration NANO = Duration.ofNanos(1);

    private final SettableClock clock = new SettableClock();
    private final Lease lease = new Lease(LeasePolicy.DEFAULT, clock.ticker(), clock);

    private CacheEntry entry() {
        ApiKey key = new SampleKey().build();
        StoredCredential credential = new StoredCredential(key.publicId(), SampleKey.hashOf(key.publicId()), null, key);
        String publicId = credential.publicId();
        return CacheEntry.of(
                Objects.requireNonNull(PublicId.parse(publicId, 0, publicId.length())),
                credential,
                new OwnerView(credential.key().owner()),
                SharedEntryPart.of(credential.key(), credential.key().grant()),
                lease.loaded(lease.moment()));
    }

    private Freshness freshness(CacheEntry entry) {
        return lease.freshness(entry, lease.nanos(), lease.wallMillis());
    }

    @Test
    void entry_thatIsTold_isConfirmedForY_thenWithinGraceForG_thenLapsed() {
        CacheEntry entry = entry();
        clock.advance(Y);
        assertThat(freshness(entry)).isEqualTo(Freshness.CONFIRMED);
        clock.advance(NANO);
        assertThat(freshness(entry)).isEqualTo(Freshness.WITHIN_GRACE);
        clock.advance(G.minus(NANO));
        assertThat(freshness(entry)).isEqualTo(Freshness.WITHIN_GRACE);
        clock.advance(NANO);
        assertThat(freshness(entry)).isEqualTo(Freshness.LAPSED);
    }

    /** An answer that took Y is still in time. */
    @Test
    void answer_thatTookY_confirms_andALaterOneDoesNot() {
        CacheEntry entry = entry();
        clock.advance(Y);
        Moment asked = lease.moment();
        clock.advance(Y.plus(NANO));
        assertThat(lease.confirm(asked, Optional.empty())).isEqualTo(StoreClock.Movement.STEADY);
        assertThat(freshness(entry)).isEqualTo(Freshness.WITHIN_GRACE);

        Moment askedAgain = lease.moment();
        clock.advance(Y);
        assertThat(lease.confirm(askedAgain, Optional.empty())).isEqualTo(StoreClock.Movement.STEADY);
        assertThat(freshness(entry)).isEqualTo(Freshness.CONFIRMED);
    }

    @Test
    void entry_thatIsDetached_isConfirmedForYAfterItsLoading_andHasNoGrace() {
        clock.advance(Duration.ofHours(1));
        CacheEntry entry = entry();
        entry.detach();
        assertThat(freshness(entry)).isEqualTo(Freshness.CONFIRMED);
        clock.advance(Y);
        assertThat(freshness(entry)).isEqualTo(Freshness.CONFIRMED);
        clock.advance(NANO);
        assertThat(freshness(entry)).isEqualTo(Freshness.LAPSED);
    }

    @Test
    void entry_loadedAfterTheLatestConfirmation_isAsFreshAsItsLoading() {
        clock.advance(Y.multipliedBy(3));
        CacheEntry entry = entry();
        assertThat(freshness(entry)).isEqualTo(Freshness.CONFIRMED);
        clock.advance(Y);
        assertThat(freshness(entry)).isEqualTo(Freshness.CONFIRMED);
        clock.advance(NANO);
        assertThat(freshness(entry)).isEqualTo(Freshness.WITHIN_GRACE);
    }

    @Test
    void entry_loadedBeforeTheLatestConfirmation_isAsFreshAsTheConfirmation_unlessDetached() {
        CacheEntry entry = entry();
        clock.advance(Y.multipliedBy(2));
        lease.confirm(lease.moment(), Optional.empty());
        assertThat(freshness(entry)).isEqualTo(Freshness.CONFIRMED);
        entry.detach();
        assertThat(freshness(entry)).isEqualTo(Freshness.LAPSED);
    }

    @Test
    void wallClock_thatGoesOnAlone_countsForAge() {
        CacheEntry entry = entry();
        clock.set(clock.instant().plus(Y));
        assertThat(freshness(entry)).isEqualTo(Freshness.CONFIRMED);
        clock.set(clock.instant().plusMillis(1));
        assertThat(freshness(entry)).isEqualTo(Freshness.WITHIN_GRACE);
    }

    @Test
    void strictPolicy_hasNoGrace() {
        Lease strict = new Lease(LeasePolicy.DEFAULT.strict(), clock.ticker(), clock);
        CacheEntry entry = entry();
        clock.advance(Y.plus(NANO));
        assertThat(strict.freshness(entry, strict.nanos(), strict.wallMillis())).isEqualTo(Freshness.LAPSED);
    }

    @Test
    void answer_thatTookLongerThanY_confirmsNothing() {
        Moment asked = lease.moment();
        CacheEntry entry = entry();
        clock.advance(Y.plus(NANO));
        lease.confirm(asked, Optional.of(Instant.EPOCH));
        assertThat(freshness(entry)).isEqualTo(Freshness.WITHIN_GRACE);
        assertThat(lease.now()).isEqualTo(clock.instant().truncatedTo(ChronoUnit.MILLIS));
    }

    @Test
    void time_isTheNodes_untilTheStoreTellsItsOwn_andGoesOnFromThere() {
        assertThat(lease.now()).isEqualTo(clock.instant());
        Instant storeTime = clock.instant().plusMillis(700);
        lease.confirm(lease.moment(), Optional.of(storeTime));
        assertThat(lease.now()).isEqualTo(storeTime);
        clock.advance(Duration.ofMillis(400));
        assertThat(lease.now()).isEqualTo(storeTime.plusMillis(400));
    }

    @Test
    void time_neverRunsBackwards() {
        Instant storeTime = clock.instant().plusMillis(700);
        lease.confirm(lease.moment(), Optional.of(storeTime));
        clock.advance(Duration.ofMillis(100));
        lease.confirm(lease.moment(), Optional.of(storeTime.minusMillis(300)));
        assertThat(lease.now()).isEqualTo(storeTime.plusMillis(100));
        clock.advance(Duration.ofMillis(500));
        assertThat(lease.now()).isEqualTo(storeTime.plusMillis(200));
    }
}
