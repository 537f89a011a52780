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

    /** Something to read a token with. {@link #end} must follow. */
    PresentedToken begin() {
        return fingerprints.acquire();
    }

    /** Forgets the token. */
    void end(PresentedToken token) {
        fingerprints.release(token);
    }

    /**
     * Tells whether the token has the right secret.
     *
     * @throws StoreUnavailableException if a slow hash got no turn in time
     */
    boolean matches(CacheEntry entry, PresentedToken token) {
        SecretHash unchecked = entry.uncheckedHash();
        if (unchecked == null) {
            return token.matches(entry) || matchesNothing(entry, token);
        }
        return HashKind.of(unchecked).isSlow()
                ? matchesSlow(entry, unchecked, token)
                : matchesStored(entry, unchecked, token);
    }

    /** Tells whether the next check of this entry's secret is slow, so that it may have to wait for its turn. */
    static boolean isSlow(CacheEntry entry) {
        SecretHash unchecked = entry.uncheckedHash();
        return unchecked != null && HashKind.of(unchecked).isSlow();
    }

    /** Takes the same time as {@link #matchesStored}. */
    private boolean matchesNothing(CacheEntry entry, PresentedToken token) {
        var unused = hashes.check(unmatchable, format.text(entry), token.secret());
        return false;
    }

    private boolean matchesStored(CacheEntry entry, SecretHash stored, PresentedToken token) {
        Fingerprint fingerprint = token.fingerprint();
        String secret = token.secret();
        Match match = hashes.check(stored, format.text(entry), secret);
        if (match == Match.UNUSABLE) {
            return matchesNothing(entry, token);
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
    private boolean matchesSlow(CacheEntry entry, SecretHash stored, PresentedToken token) {
        boolean matches = slow.matches(entry, token);
        if (matches && HashKind.of(stored) == HashKind.GENERATED) {
            noteOutdated(entry, stored, token.secret());
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
