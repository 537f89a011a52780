package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Comparison of fingerprints: every bit of every word counts. */
@Tag("tr-skip") // Bits know no locale.
class CacheEntryTest {
    private static final long A = 0x0123_4567_89AB_CDEFL;
    private static final long B = 0xFEDC_BA98_7654_3210L;

    private final CacheEntry entry = CacheEntry.unknown(new Fingerprint(A, B));

    @Test
    void fingerprint_withAnyBitFlipped_isAnother() {
        assertThat(entry.hasFingerprint(A, B)).isTrue();
        for (int bit = 0; bit < Long.SIZE; bit++) {
            long flip = 1L << bit;
            assertThat(entry.hasFingerprint(A ^ flip, B)).isFalse();
            assertThat(entry.hasFingerprint(A, B ^ flip)).isFalse();
            assertThat(entry.hasFingerprint(A ^ flip, B ^ flip)).isFalse();
        }
    }

    @Test
    void fingerprint_withTheWordsSwapped_isAnother() {
        assertThat(entry.hasFingerprint(B, A)).isFalse();
    }

    @Test
    void use_isReplacedOnlyWhereItIsStillTheSame() {
        UsageCell first = new UsageCell(entry, 1, null);
        UsageCell second = new UsageCell(entry, 2, null);

        assertThat(entry.replaceUse(first, second)).isFalse();
        assertThat(entry.use()).isNull();
        assertThat(entry.replaceUse(null, first)).isTrue();
        assertThat(entry.replaceUse(null, second)).isFalse();
        assertThat(entry.use()).isSameAs(first);
    }
}
