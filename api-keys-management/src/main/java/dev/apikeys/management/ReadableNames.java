package dev.apikeys.management;

import java.security.SecureRandom;
import java.util.Locale;

/**
 * Makes names for keys without a name, such as {@code amber-falcon-73910482}. They are easy to read, and rarely occur
 * twice.
 *
 * <p>Thread-safe.
 */
final class ReadableNames {
    private static final String[] FIRST = {
        "amber", "azure", "brisk", "calm", "clear", "coral", "dusty", "early", "fresh", "gentle", "golden", "green",
        "happy", "ivory", "lucky", "mellow", "noble", "olive", "quiet", "rapid", "royal", "silver", "sunny", "swift"
    };
    private static final String[] SECOND = {
        "badger", "beaver", "cedar", "comet", "dolphin", "falcon", "garden", "harbor", "heron", "island", "lantern",
        "maple", "meadow", "otter", "pebble", "planet", "river", "robin", "sparrow", "summit", "tiger", "valley"
    };
    private static final int NUMBERS = 100_000_000;

    private final SecureRandom random = new SecureRandom();

    String next() {
        return FIRST[random.nextInt(FIRST.length)] + "-" + SECOND[random.nextInt(SECOND.length)] + "-"
                + String.format(Locale.ROOT, "%08d", random.nextInt(NUMBERS));
    }
}
