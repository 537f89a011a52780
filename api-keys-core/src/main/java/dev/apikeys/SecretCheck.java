package dev.apikeys;

import dev.apikeys.password4j.PasswordHash;

import dev.apikeys.SecretHasher.Match;
import dev.apikeys.spi.SecretHash;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds a presented secret against what an entry knows of the right one: the fingerprint once there is one, the hash at
 * rest until then.
 *
 * <p>The hash of an imported key is slow by design. At most half of the cores compute such hashes at once, of each key one
 * at a time, and few requests wait for that: neither wrong secrets for one key nor all of them together keep the machine,
 * or the threads of a server, from other work.
 *
 * <p>Thread-safe.
 */
final class SecretCheck {
    private static final Logger LOG = LoggerFactory.getLogger(SecretCheck.class);

    /** How many requests may wait for slow hashes, those that are computed included. */
    private static final int MAX_WAITING = 32;
    /** How many more may wait for a key whose secret is being checked. */
    private static final int MAX_WAITING_FOR_A_KEY = 4;

    private final TokenFormat format;
    private final SecretHasher hasher;
    private final Fingerprints fingerprints;
    private final WriteBehind writeBehind;
    private final Counters counters;
    private final Semaphore cores;
    private final Semaphore waiting = new Semaphore(MAX_WAITING);
    private final long maxWaitNanos;

    SecretCheck(
            KeyServiceBuilder settings,
            SecretHasher hasher,
            Fingerprints fingerprints,
            WriteBehind writeBehind,
            Counters counters) {
        this.format = settings.format;
        this.hasher = hasher;
        this.fingerprints = fingerprints;
        this.writeBehind = writeBehind;
        this.counters = counters;
        this.cores = settings.coresForSlowHashes;
        this.maxWaitNanos = settings.loadTimeout.toNanos();
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
        return PasswordHash.is(unchecked.encoded())
                ? matchesSlowly(entry, text, from, length)
                : matchesStored(entry, unchecked, text, from, length);
    }

    private boolean matchesStored(CacheEntry entry, SecretHash stored, String text, int from, int length) {
        String publicId = format.text(entry);
        String secret = text.substring(from, from + length);
        Match match = hasher.check(stored, publicId, secret);
        if (match != Match.YES && match != Match.OUTDATED) {
            return false;
        }
        entry.remember(fingerprints.of(text, from, length));
        if (match == Match.OUTDATED) {
            counters.outdatedHashes.increment();
            writeBehind.noteRehash(new Rehash(publicId, stored, hasher.hash(publicId, secret)));
        }
        return true;
    }

    private boolean matchesSlowly(CacheEntry entry, String text, int from, int length) {
        Semaphore turn = entry.notes().slowCheck();
        if (turn.getQueueLength() >= MAX_WAITING_FOR_A_KEY || !waiting.tryAcquire()) {
            throw busy();
        }
        try {
            acquire(turn);
            try {
                return matchesInTurn(entry, text, from, length);
            } finally {
                turn.release();
            }
        } finally {
            waiting.release();
        }
    }

    private boolean matchesInTurn(CacheEntry entry, String text, int from, int length) {
        SecretHash stored = entry.uncheckedHash();
        if (stored == null) {
            // Somebody before had the right secret.
            return fingerprints.match(entry, text, from, length);
        }
        acquire(cores);
        try {
            return matchesPassword(entry, stored, text, from, length);
        } finally {
            cores.release();
        }
    }

    private boolean matchesPassword(CacheEntry entry, SecretHash stored, String text, int from, int length) {
        boolean matches;
        try {
            matches = PasswordHash.matches(text.substring(from, from + length), stored.encoded());
        } catch (RuntimeException unreadable) {
            // The kind alone: the message may quote the hash.
            LOG.warn(
                    "The imported hash of key {} can't be checked: {}",
                    entry.keyId(),
                    unreadable.getClass().getName());
            return false;
        }
        if (matches) {
            // Never replaced by a fast hash at rest: the secret may be one that can be guessed.
            entry.remember(fingerprints.of(text, from, length));
        }
        return matches;
    }

    private void acquire(Semaphore places) {
        try {
            if (!places.tryAcquire(maxWaitNanos, TimeUnit.NANOSECONDS)) {
                throw busy();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("interrupted while waiting to check an imported key", interrupted);
        }
    }

    private static StoreUnavailableException busy() {
        return new StoreUnavailableException("too many secrets of imported keys are being checked at once");
    }
}
