package dev.apikeys.cli;

import dev.apikeys.ApiKeyException;
import dev.apikeys.KeyNotFoundException;
import dev.apikeys.StoreUnavailableException;
import java.io.PrintStream;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns what went wrong into a message and a code. No message shows what was typed where it could be a secret. */
final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {
    private final PrintStream messages;

    Failures(PrintStream messages) {
        this.messages = messages;
    }

    @Override
    public int handleParseException(ParameterException failure, String[] args) {
        messages.println("Error: " + explanation(failure));
        messages.println("Try '" + failure.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
        return Exit.USAGE.code();
    }

    /** Unknown arguments are not repeated: somebody may have typed a password or a token. */
    private static String explanation(ParameterException failure) {
        if (!(failure instanceof UnmatchedArgumentException unknown)) {
            return Objects.requireNonNullElse(failure.getMessage(), "the command line is wrong");
        }
        String first = unknown.getUnmatched().get(0);
        String option = first.contains("=") ? first.substring(0, first.indexOf('=')) : first;
        if (option.toLowerCase(Locale.ROOT).startsWith("--pass")) {
            return "a password is never taken from the command line: set APIKEYS_DB_PASSWORD, or use --password-file";
        }
        return option.matches("--?[a-zA-Z-]{1,30}") ? "unknown option " + option : "there is an argument too many";
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        if (failure instanceof ParameterException wrong) {
            return handleParseException(wrong, new String[0]);
        }
        messages.println("Error: " + message(failure));
        return exit(failure).code();
    }

    private static Exit exit(Exception failure) {
        if (failure instanceof CommandException known) {
            return known.exit();
        } else if (failure instanceof KeyNotFoundException) {
            return Exit.NOT_FOUND;
        } else if (failure instanceof StoreUnavailableException) {
            return Exit.UNAVAILABLE;
        } else if (failure instanceof ApiKeyException) {
            return Exit.REFUSED;
        } else if (failure instanceof IllegalArgumentException) {
            return Exit.USAGE;
        } else if (failure instanceof IllegalStateException) {
            return Exit.UNFIT;
        }
        return failure instanceof InterruptedException ? Exit.INTERRUPTED : Exit.FAILED;
    }

    private static String message(Exception failure) {
        if (failure instanceof StoreUnavailableException unavailable) {
            return unavailable.getMessage()
                    + reason(unavailable)
                    + (unavailable.isOutcomeUnknown() ? "; look at the key before you try again" : "");
        }
        boolean written = failure instanceof CommandException
                || failure instanceof ApiKeyException
                || failure instanceof IllegalArgumentException
                || failure instanceof IllegalStateException;
        // A foreign exception may quote a statement or a value.
        return written && failure.getMessage() != null
                ? failure.getMessage()
                : "unexpected " + failure.getClass().getName();
    }

    /** What the driver's code means; never its text, which may quote values. */
    private static String reason(Throwable failure) {
        String state = "";
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                state = sql.getSQLState();
            }
        }
        if (state.isEmpty()) {
            return "";
        }
        String meaning = switch (state.substring(0, 2)) {
            case "08" -> "no connection; is the address right, and is the database running?";
            case "28" -> "the database does not let this user in; are user and password right?";
            case "3D" -> "there is no database of this name";
            default -> "SQL state " + state;
        };
        return " (" + meaning + ")";
    }
}
