package dev.apikeys;

import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.KeyEventListener;
import dev.apikeys.spi.OwnerDirectory;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a {@link KeyService}. Each value is checked as it is given, their combination in {@link #build()}.
 *
 * <p>Not thread-safe.
 */
public final class KeyServiceBuilder {
    final ApiKeyStore store;
    final List<Pepper> peppers = new ArrayList<>();
    final List<KeyEventListener> listeners = new ArrayList<>();
    final SecureRandom random = new SecureRandom();
    @Nullable Pepper pepper;
    TokenFormat format = TokenFormat.DEFAULT;
    KeyPolicy policy = KeyPolicy.DEFAULT;
    ScopePolicy scopePolicy = ScopePolicy.DEFAULT;
    OwnerDirectory directory = OwnerDirectory.everyoneActive();
    Duration ownerStateMaxAge = Duration.ofSeconds(10);
    Duration usageInterval = Duration.ofSeconds(10);
    Duration loadTimeout = Duration.ofSeconds(2);
    int cachedKeys = 100_000;
    Clock clock = Clock.systemUTC();
    LongSupplier ticker = System::nanoTime;

    KeyServiceBuilder(ApiKeyStore store) {
        this.store = Objects.requireNonNull(store, "store");
    }

    /** How tokens look; default {@link TokenFormat#DEFAULT}. */
    public KeyServiceBuilder tokenFormat(TokenFormat tokenFormat) {
        this.format = Objects.requireNonNull(tokenFormat, "tokenFormat");
        return this;
    }

    /** How long keys live and how many there may be; default {@link KeyPolicy#DEFAULT}. */
    public KeyServiceBuilder policy(KeyPolicy keyPolicy) {
        this.policy = Objects.requireNonNull(keyPolicy, "policy");
        return this;
    }

    /** What modes mean in scopes; default {@link ScopePolicy#DEFAULT}. */
    public KeyServiceBuilder scopePolicy(ScopePolicy modes) {
        this.scopePolicy = Objects.requireNonNull(modes, "scopePolicy");
        return this;
    }

    /**
     * Hashes secrets with HMAC-SHA-256 under this pepper; without a pepper it is SHA-256. Hashes of other schemes and of
     * peppers given by {@link #oldPepper} stay valid and are replaced when they are used.
     *
     * @throws IllegalArgumentException when another pepper has its id
     */
    public KeyServiceBuilder pepper(Pepper current) {
        this.pepper = add(current);
        return this;
    }

    /**
     * A pepper that some stored hashes still need.
     *
     * @throws IllegalArgumentException when another pepper has its id
     */
    public KeyServiceBuilder oldPepper(Pepper old) {
        add(old);
        return this;
    }

    /** The host's knowledge of owners; default {@link OwnerDirectory#everyoneActive()}. */
    public KeyServiceBuilder ownerDirectory(OwnerDirectory ownerDirectory) {
        this.directory = Objects.requireNonNull(ownerDirectory, "ownerDirectory");
        return this;
    }

    /**
     * How long an answer of the owner directory is good; default 10 s, zero asks at every request.
     *
     * @throws IllegalArgumentException when it is negative or over an hour
     */
    public KeyServiceBuilder ownerStateMaxAge(Duration age) {
        this.ownerStateMaxAge = checked(age, Duration.ZERO, Duration.ofHours(1), "the owner state's age");
        return this;
    }

    /**
     * How often noted usage is written, at most once per key; default 10 s.
     *
     * @throws IllegalArgumentException unless it is 100 ms to an hour
     */
    public KeyServiceBuilder usageInterval(Duration interval) {
        this.usageInterval = checked(interval, Duration.ofMillis(100), Duration.ofHours(1), "the usage interval");
        return this;
    }

    /**
     * How many keys are kept in memory; default 100,000.
     *
     * @throws IllegalArgumentException unless it is 1 to 100,000,000
     */
    public KeyServiceBuilder cachedKeys(int keys) {
        if (keys < 1 || keys > 100_000_000) {
            throw new IllegalArgumentException("the cache holds 1 to 100,000,000 keys: " + keys);
        }
        this.cachedKeys = keys;
        return this;
    }

    /** Is told of every change that this node makes. Several can be given. */
    public KeyServiceBuilder listener(KeyEventListener listener) {
        listeners.add(Objects.requireNonNull(listener, "listener"));
        return this;
    }

    /** Tells the time; default the system's. */
    public KeyServiceBuilder clock(Clock wallClock) {
        this.clock = Objects.requireNonNull(wallClock, "clock");
        return this;
    }

    /** Tells elapsed time in nanoseconds, never backwards; default {@link System#nanoTime()}. */
    public KeyServiceBuilder ticker(LongSupplier nanoseconds) {
        this.ticker = Objects.requireNonNull(nanoseconds, "ticker");
        return this;
    }

    /** Builds the service and starts its thread. */
    public KeyService build() {
        return new KeyService(this);
    }

    private Pepper add(Pepper added) {
        if (peppers.stream().anyMatch(other -> other.id().equals(added.id()))) {
            throw new IllegalArgumentException("two peppers have the id " + added.id());
        }
        peppers.add(added);
        return added;
    }

    private static Duration checked(Duration value, Duration least, Duration most, String what) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(what + " lies between " + least + " and " + most + ": " + value);
        }
        return value;
    }
}
