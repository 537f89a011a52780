package dev.apikeys.cli;

/** Ends a command with a message for people. */
final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Exit exit;

    /** The message holds no secret. */
    CommandException(Exit exit, String message) {
        super(message);
        this.exit = exit;
    }

    static CommandException usage(String message) {
        return new CommandException(Exit.USAGE, message);
    }

    Exit exit() {
        return exit;
    }
}
