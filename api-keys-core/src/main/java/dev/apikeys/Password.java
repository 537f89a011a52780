package dev.apikeys;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * A password that somebody typed. A type of its own, so that no log or exception shows it by accident.
 *
 * <p>Immutable and thread-safe.
 */
public final class Password {
    private final String value;

    private Password(String value) {
        this.value = value;
    }

    /** Wraps what was typed. */
    public static Password of(String typed) {
        return new Password(typed);
    }

    /** The password itself, for the one check that needs it. */
    public String reveal() {
        return value;
    }

    /** Compares in a time that does not depend on where two passwords differ. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Password that
                && MessageDigest.isEqual(
                        value.getBytes(StandardCharsets.UTF_8), that.value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int hashCode() {
        return Password.class.hashCode();
    }

    /** Stars only. */
    @Override
    public String toString() {
        return "***";
    }
}
