package dev.apikeys.quickstart;

/** The example can't start; the message is one line for the person who started it. */
final class CannotStartException extends Exception {
    private static final long serialVersionUID = 1L;

    CannotStartException(String message) {
        super(message);
    }
}
