package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.apikeys.spi.OwnerDirectory;
import dev.apikeys.testkit.FaultyStore;
import dev.apikeys.testkit.SampleKey;
import dev.apikeys.testkit.SettableClock;
import dev.apikeys.testkit.StoreCall;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What the cache holds after each thing that can happen to it, and which entries no longer hear of changes. */
class KeyCacheTest {
    private static final Duration WAIT = Duration.ofSeconds(5);

    private final SettableClock clock = new SettableClock();
    private final FaultyStore store = new FaultyStore();
    private final Fingerprint unmatchable = new Fingerprint(1, 2);
    private final KeyCache cache = cache(1_000);

    private KeyCache cache(int keys) {
        Lease lease = new Lease(LeasePolicy.DEFAULT, clock.ticker(), clock);
        OwnerStates owners = new OwnerStates(OwnerDirectory.everyoneActive(), WAIT, lease::moment, WAIT);
        EntryLoader loader = new EntryLoader(store, TokenFormat.DEFAULT, owners, lease, new Counters());
        return new KeyCache(
                CacheSettings.DEFAULT.holding(keys).loadingAtOnce(10).waiting(WAIT),
                loader,
                unmatchable,
                clock.ticker());
    }

    private static PublicId id(String hex) {
        return Objects.requireNonNull(PublicId.parse(hex, 0, hex.length()));
    }

    private String stored() {
        ApiKey key = new SampleKey().build();
        store.insert(SampleKey.toAdd(key, 100));
        return key.publicId();
    }

    private CacheEntry get(KeyCache from, String hex) {
        return from.get(id(hex).high(), id(hex).low());
    }

    private long reads() {
        return store.calls(StoreCall.FIND_CREDENTIAL);
    }

    @Test
    void knownKey_isReadOnce_andFoundByEveryWayThatReadsNothing() {
        String hex = stored();
        assertThat(cache.getIfPresent(id(hex).high(), id(hex).low())).isNull();
        assertThat(cache.peek(id(hex))).isNull();
        assertThat(reads()).isZero();

        CacheEntry entry = get(cache, hex);

        assertThat(entry.isKnown()).isTrue();
        assertThat(get(cache, hex)).isSameAs(entry);
        assertThat(cache.getIfPresent(id(hex).high(), id(hex).low())).isSameAs(entry);
        assertThat(cache.peek(id(hex))).isSameAs(entry);
        assertThat(cache.size()).isEqualTo(1);
        assertThat(cache.ids()).toIterable().containsExactly(entry);
        assertThat(reads()).isEqualTo(1);
    }

    @Test
    void unknownId_isOneEntryForAll_andNoKey() {
        String hex = SampleKey.randomPublicId();
        CacheEntry entry = get(cache, hex);

        assertThat(entry.isKnown()).isFalse();
        assertThat(entry.hasFingerprint(1, 2)).isTrue();
        assertThat(get(cache, SampleKey.randomPublicId())).isSameAs(entry);
        assertThat(cache.getIfPresent(id(hex).high(), id(hex).low())).isSameAs(entry);
        assertThat(cache.peek(id(hex))).isNull();
        assertThat(cache.size()).isZero();
        assertThat(reads()).isEqualTo(2);
        assertThat(get(cache, hex)).isSameAs(entry);
        assertThat(reads()).isEqualTo(2);
    }

    @Test
    void key_thatChanged_isDetachedAndReadAgain_andNoOther() {
        String changed = stored();
        String other = stored();
        CacheEntry before = get(cache, changed);
        CacheEntry untouched = get(cache, other);

        cache.forget(List.of(changed, "no id", ""));

        assertThat(before.isDetached()).isTrue();
        assertThat(cache.getIfPresent(id(changed).high(), id(changed).low())).isNull();
        assertThat(get(cache, changed)).isNotSameAs(before);
        assertThat(untouched.isDetached()).isFalse();
        assertThat(get(cache, other)).isSameAs(untouched);
        assertThat(reads()).isEqualTo(3);
    }

    @Test
    void unknownId_thatChanged_isReadAgain() {
        ApiKey key = new SampleKey().build();
        assertThat(get(cache, key.publicId()).isKnown()).isFalse();
        store.insert(SampleKey.toAdd(key, 100));
        assertThat(get(cache, key.publicId()).isKnown()).isFalse();

        cache.forget(List.of(key.publicId()));

        assertThat(get(cache, key.publicId()).isKnown()).isTrue();
    }

    @Test
    void everything_forgotten_isDetachedAndReadAgain() {
        CacheEntry one = get(cache, stored());
        CacheEntry other = get(cache, stored());
        String unknown = SampleKey.randomPublicId();
        get(cache, unknown);

        cache.forgetAll();

        assertThat(one.isDetached()).isTrue();
        assertThat(other.isDetached()).isTrue();
        assertThat(cache.size()).isZero();
        assertThat(cache.getIfPresent(id(unknown).high(), id(unknown).low())).isNull();
    }

    @Test
    void key_changedWhileItIsRead_isDetachedAndNotKept() {
        List<Consumer<String>> changes =
                List.of(changed -> cache.forget(List.of(changed)), changed -> cache.forgetAll());
        for (Consumer<String> change : changes) {
            String hex = stored();
            store.after(StoreCall.FIND_CREDENTIAL, arguments -> change.accept(hex));
            CacheEntry entry = get(cache, hex);
            store.heal();

            assertThat(entry.isKnown()).isTrue();
            assertThat(entry.isDetached()).isTrue();
            assertThat(cache.peek(id(hex))).isNull();
        }
    }

    @Test
    void keys_overTheBound_areEvictedAndDetached() {
        KeyCache small = cache(1);
        CacheEntry first = get(small, stored());
        CacheEntry second = get(small, stored());
        CacheEntry third = get(small, stored());

        assertThat(small.size()).isEqualTo(1);
        assertThat(first.isDetached()).isTrue();
        assertThat(second.isDetached()).isTrue();
        assertThat(third.isDetached()).isFalse();
        assertThat(small.ids()).toIterable().containsExactly(third);
    }

    @Test
    void notes_aboutAKeyThatIsNotCached_changeNothing() {
        CacheEntry unknown = CacheEntry.unknown(unmatchable);
        assertThatCode(() -> cache.findLikeUnknown(unknown)).doesNotThrowAnyException();
        assertThat(cache.size()).isZero();
        assertThat(reads()).isZero();
    }
}
