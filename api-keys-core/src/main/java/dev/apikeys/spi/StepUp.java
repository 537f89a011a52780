package dev.apikeys.spi;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Objects;

/**
 * Proves once more that the person in the session is the user, before a key is minted. {@code PasswordStepUp} in
 * {@code api-keys-password4j} asks for the password. Implementations must be thread-safe.
 */
@FunctionalInterface
public interface StepUp {
    /**
     * Checks the password that was typed.
     *
     * @param user the host's id of the user, from the authenticated session
     * @param typed what was typed
     */
    Result prove(String user, Password typed);

    /** How a proof ended. */
    enum Result {
        /** It is the user. */
        PROVEN,
        /** The password is wrong, or the user has none. */
        WRONG,
        /** Whoever knows could not be asked, or is too busy; nothing is minted, and trying again may help. */
        UNAVAILABLE
    }

    /**
     * A password that somebody typed. A type of its own, so that no log or exception shows it by accident.
     *
     * <p>Immutable and thread-safe.
     */
    final class Password {
        /** Transient, so that nothing that writes fields writes it. */
        private final transient String value;

        private Password(String value) {
            this.value = value;
        }

        /** Wraps what was typed. */
        public static Password of(String typed) {
            Objects.requireNonNull(typed, "typed");
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
}
