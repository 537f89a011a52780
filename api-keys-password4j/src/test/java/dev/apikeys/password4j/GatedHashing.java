package dev.apikeys.password4j;

import dev.apikeys.spi.PasswordHashing;
import dev.apikeys.testkit.Gate;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Password4j, whose checks are counted, and can be held up.
 *
 * <p>Thread-safe.
 */
final class GatedHashing implements PasswordHashing {
    private final PasswordHashing real = new Password4jHashing();
    private final AtomicInteger checks = new AtomicInteger();
    private volatile Gate gate;

    GatedHashing() {
        this.gate = new Gate();
        gate.open();
    }

    /** From now on checks come to the gate and wait. */
    Gate hold() {
        gate = new Gate();
        return gate;
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
    public int maxSecretBytes(String encoded) {
        return real.maxSecretBytes(encoded);
    }

    @Override
    public boolean matches(String secret, String encoded) {
        checks.incrementAndGet();
        gate.pass();
        return real.matches(secret, encoded);
    }
}
