package dev.apikeys;

import dev.apikeys.spi.PasswordHashing;
import dev.apikeys.spi.SecretHash;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks the secrets of imported keys, whose hashes are slow by design. At most half of the cores compute such hashes
 * at once, one at a time for each key, and few requests wait for that. So wrong secrets, for one key or for many, can't
 * use up the machine or the threads of a server. A hash that several threads compute takes as many cores. One of more than
 * half of the cores is computed alone.
 *
 * <p>Thread-safe.
 */
final class SlowSecretCheck {
    private static final Logger LOG = LoggerFactory.getLogger(SlowSecretCheck.class);

    /** The most requests that wait for slow hashes, including those that are being computed. */
    private static final int MAX_WAITING = 32;
    /** The most requests that wait for a key whose secret is being checked. */
    private static final int MAX_WAITING_FOR_A_KEY = 4;

    private final @Nullable PasswordHashing hashing;
    private final int allCores;
    private final Semaphore cores;
    private final Semaphore waiting = new Semaphore(MAX_WAITING);
    private final long maxWaitNanos;

    /**
     * A check.
     *
     * @param hashing null if the host has none; then no such secret matches, and no such key can be imported
     * @param maxWait how long a request waits for its turn, and then for a core
     */
    SlowSecretCheck(@Nullable PasswordHashing hashing, Duration maxWait) {
        this(hashing, maxWait, Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
    }

    /** As many cores compute hashes. */
    SlowSecretCheck(@Nullable PasswordHashing hashing, Duration maxWait, int cores) {
        this.hashing = hashing;
        this.allCores = cores;
        this.cores = new Semaphore(cores, true);
        this.maxWaitNanos = maxWait.toNanos();
    }

    /**
     * Checks that a hash can be imported.
     *
     * @param minHashedLength how many characters were hashed at least
     * @throws IllegalArgumentException if it can't be read here, or can't tell secrets of that length apart; the
     *     message doesn't show the hash
     */
    void requireSupported(SecretHash hash, int minHashedLength) {
        if (hashing == null) {
            throw new IllegalArgumentException("this service has no PasswordHashing for imported keys: call"
                    + " KeyServiceBuilder.passwordHashing(…), for example with Password4jHashing");
        }
        String password = HashKind.password(hash);
        if (!HashKind.of(hash).isSlow() || !hashing.supports(password)) {
            String reason = hashing.whyUnsupported(password)
                    .map(why -> "isn't supported: " + why)
                    .orElse("is of an unknown kind");
            throw new IllegalArgumentException(
                    "the password hash of the imported token " + reason + "; it isn't shown here");
        }
        int maxBytes = hashing.maxSecretBytes(password);
        if (minHashedLength > maxBytes) {
            throw new IllegalArgumentException("the password hash of the imported token tells secrets of at most "
                    + maxBytes + " bytes apart, but at least " + minHashedLength + " were hashed");
        }
    }

    /**
     * Tells whether the secret is the right one.
     *
     * @throws StoreUnavailableException if it got no turn in time, or there isn't enough memory
     */
    boolean matches(CacheEntry entry, PresentedToken token) {
        if (hashing == null) {
            return false;
        }
        Semaphore turn = entry.notes().slowCheck();
        if (turn.getQueueLength() >= MAX_WAITING_FOR_A_KEY || !waiting.tryAcquire()) {
            throw busy();
        }
        try {
            acquire(turn, 1);
            try {
                return matchesInTurn(hashing, entry, token);
            } finally {
                turn.release();
            }
        } finally {
            waiting.release();
        }
    }

    private boolean matchesInTurn(PasswordHashing hashes, CacheEntry entry, PresentedToken token) {
        SecretHash stored = entry.uncheckedHash();
        if (stored == null) {
            // An earlier request had the right secret.
            return token.matches(entry);
        }
        String password = HashKind.password(stored);
        int threads = Math.max(1, Math.min(threads(hashes, password), allCores));
        acquire(cores, threads);
        boolean matches;
        try {
            matches = hashes.matches(token.secret(), password);
        } catch (Exception unreadable) {
            // Not the message of the exception, which may quote the hash.
            LOG.warn(
                    "The imported hash of key {} can't be checked: {}",
                    entry.keyId(),
                    hashes.whyUnsupported(password).orElse(unreadable.getClass().getName()));
            return false;
        } catch (OutOfMemoryError tooMuch) {
            throw new StoreUnavailableException("not enough memory to check an imported key", tooMuch);
        } finally {
            cores.release(threads);
        }
        if (matches) {
            entry.remember(token.fingerprint());
        }
        return matches;
    }

    /** A hash that can't be read takes one until that is found out. */
    private static int threads(PasswordHashing hashes, String password) {
        try {
            return hashes.threads(password);
        } catch (Exception unreadable) {
            return 1;
        }
    }

    /** How many requests compute a hash now, or wait for that. */
    int waiting() {
        return MAX_WAITING - waiting.availablePermits();
    }

    private void acquire(Semaphore places, int count) {
        try {
            if (!places.tryAcquire(count, maxWaitNanos, TimeUnit.NANOSECONDS)) {
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
