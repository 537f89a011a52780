package dev.apikeys;

import dev.apikeys.SecretHasher.Match;
import dev.apikeys.spi.SecretHash;

/**
 * Compares a presented secret with the fingerprint of an entry, or with its hash at rest while there is no fingerprint.
 *
 * <p>A right secret costs only the fingerprint. A wrong one costs the fingerprint and a hash at rest. That is the same
 * for a key that was used on this node, one that was not, and one that does not exist, so the time doesn't tell them
 * apart. One exception: if the hash at rest is of another scheme than new ones, it costs what that scheme costs until the
 * key is used on this node. For an imported key with a fast hash this is one more fast hash.
 *
 * <p>Thread-safe.
 */
final class SecretCheck {
    private static final String UNMATCHABLE_ID = "none";

    private final TokenFormat format;
    private final FastHashes hashes;
    private final Fingerprints fingerprints;
    private final SlowSecretCheck slow;
    private final OutdatedHashes outdated;
    /** A hash at rest that no secret has. */
    private final SecretHash unmatchable;

    SecretCheck(
            TokenFormat format,
            FastHashes hashes,
            Fingerprints fingerprints,
            SlowSecretCheck slow,
            OutdatedHashes outdated) {
        this.format = format;
        this.hashes = hashes;
        this.fingerprints = fingerprints;
        this.slow = slow;
        this.outdated = outdated;
        this.unmatchable = hashes.hash(
                UNMATCHABLE_ID, Long.toHexString(fingerprints.unmatchable().a()));
    }

    /**
     * Tells whether the secret, a part of the text, is the right one.
     *
     * @throws StoreUnavailableException if a slow hash got no turn in time
     */
    boolean matches(CacheEntry entry, String text, int from, int length) {
        SecretHash unchecked = entry.uncheckedHash();
        if (unchecked == null) {
            return fingerprints.match(entry, text, from, length) || matchesNothing(entry, text, from, length);
        }
        String secret = text.substring(from, from + length);
        HashKind kind = HashKind.of(unchecked);
        return kind.isSlow() ? matchesSlow(entry, unchecked, secret) : matchesStored(entry, unchecked, secret);
    }

    /** Tells whether the next check of this entry's secret is slow, so that it may have to wait for its turn. */
    static boolean isSlow(CacheEntry entry) {
        SecretHash unchecked = entry.uncheckedHash();
        return unchecked != null && HashKind.of(unchecked).isSlow();
    }

    /** Takes the same time as {@link #matchesStored}. */
    private boolean matchesNothing(CacheEntry entry, String text, int from, int length) {
        var unused = hashes.check(unmatchable, format.text(entry), text.substring(from, from + length));
        return false;
    }

    private boolean matchesStored(CacheEntry entry, SecretHash stored, String secret) {
        Fingerprint fingerprint = fingerprints.of(secret);
        String publicId = format.text(entry);
        Match match = hashes.check(stored, publicId, secret);
        if (match == Match.UNUSABLE) {
            return matchesNothing(entry, secret, 0, secret.length());
        }
        if (match == Match.NO) {
            return false;
        }
        entry.remember(fingerprint);
        if (match == Match.OUTDATED) {
            noteOutdated(entry, stored, secret);
        }
        return true;
    }

    /** A secret that may be guessable never gets a fast hash at rest. */
    private boolean matchesSlow(CacheEntry entry, SecretHash stored, String secret) {
        boolean matches = slow.matches(entry, secret);
        if (matches && HashKind.of(stored) == HashKind.GENERATED) {
            noteOutdated(entry, stored, secret);
        }
        return matches;
    }

    private void noteOutdated(CacheEntry entry, SecretHash stored, String secret) {
        String publicId = format.text(entry);
        outdated.note(entry, new Rehash(publicId, stored, hashes.hash(publicId, secret)));
    }

    /** How many requests compute a slow hash now, or wait for that. */
    int slowWaiting() {
        return slow.waiting();
    }
}
