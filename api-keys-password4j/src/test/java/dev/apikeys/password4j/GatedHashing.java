package dev.apikeys.password4j;

import dev.apikeys.spi.PasswordHashing;
import dev.apikeys.testkit.Gate;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Password4j, whose checks are counted, and can be held up or run out of memory.
 *
 * <p>Thread-safe.
 */
final class GatedHashing implements PasswordHashing {
    private final PasswordHashing real = new Password4jHashing();
    private final AtomicInteger checks = new AtomicInteger();
    private volatile Gate gate;
    private volatile Memory memory = Memory.ENOUGH;

    /** What there is for a hash. */
    enum Memory {
        ENOUGH,
        TOO_LITTLE
    }

    GatedHashing() {
        this.gate = new Gate();
        gate.open();
    }

    /** From now on checks come to the gate and wait. */
    Gate hold() {
        gate = new Gate();
        return gate;
    }

    /** From now on checks find so much memory. */
    void memory(Memory memory) {
        this.memory = memory;
    }

    /** How many checks began. */
    int checks() {
        return checks.get();
    }

    @Override
    public boolean supports(String encoded) {
        return real.supports(encoded);
    }

    @Override
    public Optional<String> whyUnsupported(String encoded) {
        return real.whyUnsupported(encoded);
    }

    @Override
    public int maxSecretBytes(String encoded) {
        return real.maxSecretBytes(encoded);
    }

    @Override
    public int threads(String encoded) {
        return real.threads(encoded);
    }

    @Override
    public boolean matches(String secret, String encoded) {
        checks.incrementAndGet();
        gate.pass();
        if (memory == Memory.TOO_LITTLE) {
            throw new OutOfMemoryError("Java heap space");
        }
        return real.matches(secret, encoded);
    }
}
