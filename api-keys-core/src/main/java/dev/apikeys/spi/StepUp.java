package dev.apikeys.spi;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * Checks again that the person in the session is the user, before a key is issued. {@code PasswordStepUp} in
 * {@code api-keys-password4j} asks for the password. For users without a password, {@link #asking} takes another proof
 * from the request, for example a one-time code or what a passkey signed, and {@link #askingNothing} takes none, for
 * example where the host knows that the user logged in a moment ago. Wrong passwords and proofs aren't counted by this library:
 * the host limits attempts. Implementations must be thread-safe.
 */
@FunctionalInterface
public interface StepUp {
    /**
     * Checks what was sent.
     *
     * @param user the host's id of the user, from the authenticated session
     * @param typed the typed password, or the proof that the field holds; empty if there is no field
     */
    Result prove(String user, Password typed);

    /** The field of a request's body that carries the proof, as text; empty if none does. */
    default Optional<String> field() {
        return Optional.of("password");
    }

    /**
     * A step-up whose proof is in another field than {@code password}. Its value is text; a proof that is JSON itself is
     * sent as text that holds it.
     *
     * @param field 1 to 64 of {@code A-Z a-z 0-9 _}
     * @throws IllegalArgumentException if it is anything else
     */
    static StepUp asking(String field, StepUp check) {
        Objects.requireNonNull(field, "field");
        Objects.requireNonNull(check, "check");
        if (!field.matches("[A-Za-z0-9_]{1,64}")) {
            throw new IllegalArgumentException("a field of a body has 1 to 64 of A-Z a-z 0-9 _: " + field);
        }
        return new StepUpByField(Optional.of(field), check);
    }

    /** A step-up for which nothing is sent: what the host knows of the user is the proof. */
    static StepUp askingNothing(Function<String, Result> check) {
        Objects.requireNonNull(check, "check");
        return new StepUpByField(Optional.empty(), (user, nothing) -> check.apply(user));
    }

    /** How a proof ended. */
    enum Result {
        /** The proof is right. */
        PROVEN,
        /** The proof is wrong, or the user has none. */
        WRONG,
        /** The identity service could not be asked. No key is issued, and a later attempt may succeed. */
        UNAVAILABLE,
        /**
         * Too many proofs are being checked at once in this process. No key is issued, and a later attempt will succeed.
         */
        BUSY
    }

    /**
     * A password that a user typed. It has its own type, so that no log or exception shows it by accident.
     *
     * <p>Immutable and thread-safe.
     */
    final class Password {
        /** Transient, so that nothing that writes fields writes it. */
        private final transient String value;

        private Password(String value) {
            this.value = value;
        }

        /** A password from the typed text. */
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
