package dev.apikeys;

import dev.apikeys.SecretHasher.Match;
import dev.apikeys.spi.SecretHash;

/**
 * Compares a presented secret with what an entry knows of the right one: the fingerprint once there is one, the hash at
 * rest until then.
 *
 * <p>Thread-safe.
 */
final class SecretCheck {
    private final TokenFormat format;
    private final SecretHasher hasher;
    private final Fingerprints fingerprints;
    private final SlowSecretCheck slow;
    private final WriteBehind writeBehind;

    SecretCheck(
            TokenFormat format,
            SecretHasher hasher,
            Fingerprints fingerprints,
            SlowSecretCheck slow,
            WriteBehind writeBehind) {
        this.format = format;
        this.hasher = hasher;
        this.fingerprints = fingerprints;
        this.slow = slow;
        this.writeBehind = writeBehind;
    }

    /**
     * Tells whether the secret, a part of the text, is the right one.
     *
     * @throws StoreUnavailableException when a slow hash had no turn in time
     */
    boolean matches(CacheEntry entry, String text, int from, int length) {
        SecretHash unchecked = entry.uncheckedHash();
        if (unchecked == null) {
            return fingerprints.match(entry, text, from, length);
        }
        return SecretHasher.isOwn(unchecked)
                ? matchesStored(entry, unchecked, text.substring(from, from + length))
                : slow.matches(entry, text.substring(from, from + length));
    }

    private boolean matchesStored(CacheEntry entry, SecretHash stored, String secret) {
        String publicId = format.text(entry);
        Match match = hasher.check(stored, publicId, secret);
        if (match != Match.YES && match != Match.OUTDATED) {
            return false;
        }
        entry.remember(fingerprints.of(secret));
        if (match == Match.OUTDATED) {
            writeBehind.noteOutdated(new Rehash(publicId, stored, hasher.hash(publicId, secret)));
        }
        return true;
    }
}
