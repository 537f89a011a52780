package dev.apikeys.password4j;

import dev.apikeys.spi.PasswordHashing;
import dev.apikeys.spi.StepUp;
import dev.apikeys.spi.StepUp.Password;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Step-up by the user's password, against the hash that the host has stored. The hash says how it was made: Argon2
 * ({@code $argon2id$…}), bcrypt ({@code $2a$…} to {@code $2y$…}), scrypt and PBKDF2 (both as Password4j writes them,
 * {@code $params$salt$hash} and {@code $algorithm$params$salt$hash}), and all of them as Spring Security stores them,
 * {@code {bcrypt}$2a$…}. A password that such a hash can't tell from another one, such as one of 72 bytes or more with
 * bcrypt, is wrong: see {@link Password4jHashing}.
 *
 * <p>These hashes are slow by design, so at most half of the cores compute them at once. An Argon2 hash takes a core for each
 * of its lanes; one of more lanes than half of the cores is computed alone, and uses more. Others wait for their turn, in the
 * order in which they came, at most 64 of them and 20 seconds; up to 16 more wait if they are their user's only ones, so that
 * one user can't take all places. A check that gets no turn is {@link StepUp.Result#BUSY}. One for which there isn't enough
 * memory is {@link StepUp.Result#UNAVAILABLE}.
 *
 * <p>Wrong passwords aren't counted here: the host limits attempts.
 *
 * <p>Thread-safe if the lookup is.
 */
public final class PasswordStepUp implements StepUp {
    private static final Logger LOG = LoggerFactory.getLogger(PasswordStepUp.class);
    private static final Duration USUAL_PATIENCE = Duration.ofSeconds(20);
    /** The longest password that is checked, in UTF-16 units. */
    private static final int MAX_PASSWORD_LENGTH = 1_024;

    private final PasswordHashes hashes;
    private final PasswordHashing hashing;
    private final CheckTurns turns;
    private final Duration patience;

    /** Looks up the password hashes of the host. Implementations must be thread-safe. */
    @FunctionalInterface
    public interface PasswordHashes {
        /** The user's stored hash; empty if the user is unknown or has no password. May throw if it can't tell. */
        Optional<String> hashOf(String user);
    }

    /** Checks passwords against these hashes. */
    public PasswordStepUp(PasswordHashes hashes) {
        this(hashes, new Password4jHashing(), CheckTurns.ofHalfOfTheCores(), USUAL_PATIENCE);
    }

    PasswordStepUp(PasswordHashes hashes, PasswordHashing hashing, CheckTurns turns, Duration patience) {
        this.hashes = Objects.requireNonNull(hashes, "hashes");
        this.hashing = hashing;
        this.turns = turns;
        this.patience = patience;
    }

    /**
     * The same step-up with another patience: how long a check waits for its turn. Take what your callers wait, less the
     * time of one hash.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public PasswordStepUp patience(Duration patience) {
        Objects.requireNonNull(patience, "patience");
        if (patience.isNegative()) {
            throw new IllegalArgumentException("patience must not be negative: " + patience);
        }
        return new PasswordStepUp(hashes, hashing, turns, patience);
    }

    @Override
    public Result prove(String user, Password typed) {
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(typed, "typed");
        if (typed.reveal().isEmpty() || typed.reveal().length() > MAX_PASSWORD_LENGTH) {
            return Result.WRONG;
        }
        try {
            Optional<String> stored = hashes.hashOf(user);
            if (stored.isEmpty() || stored.get().isBlank()) {
                return Result.WRONG;
            }
            String hash = stored.get();
            return turns.inTurn(
                    user,
                    hashing.threads(hash),
                    patience,
                    () -> hashing.matches(typed.reveal(), hash) ? Result.PROVEN : Result.WRONG);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Result.BUSY;
        } catch (Exception | OutOfMemoryError failure) {
            // Not the message of any exception: that about an unreadable hash may quote it.
            LOG.warn(
                    "A password could not be checked: {}",
                    failure instanceof UnsupportedHashException known
                            ? known.reason()
                            : failure.getClass().getName());
            return Result.UNAVAILABLE;
        }
    }
}
