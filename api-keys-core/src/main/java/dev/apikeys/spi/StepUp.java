package dev.apikeys.spi;

import dev.apikeys.Password;

/**
 * Proves once more that the person in the session is the user, before a key is minted. Implementations must be
 * thread-safe.
 *
 * @see dev.apikeys.password4j.PasswordStepUp
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
}
