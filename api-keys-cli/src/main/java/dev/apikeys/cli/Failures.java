package dev.apikeys.cli;

import dev.apikeys.ApiKeyException;
import dev.apikeys.KeyNotFoundException;
import dev.apikeys.StoreUnavailableException;
import java.io.PrintStream;
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
        messages.println("Error: " + TextTable.harmless(explanation(failure)));
        messages.println("Try '" + failure.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
        return Exit.USAGE.code();
    }

    /** What was typed is not repeated, unless it is an option: it may be a password or a token. */
    private static String explanation(ParameterException failure) {
        if (failure instanceof UnmatchedArgumentException unknown) {
            return unknown(unknown);
        }
        String message = Objects.requireNonNullElse(failure.getMessage(), "the command line is wrong");
        String value = failure.getValue();
        return value == null || value.isEmpty()
                ? message
                : message.replace(" but was '" + value + "'", "")
                        .replace(" but was " + value, "")
                        .replace("'" + value + "'", "the value");
    }

    private static String unknown(UnmatchedArgumentException failure) {
        String first = failure.getUnmatched().get(0);
        String option = first.contains("=") ? first.substring(0, first.indexOf('=')) : first;
        if (option.toLowerCase(Locale.ROOT).startsWith("--pass")) {
            return "a password is never taken from the command line: set APIKEYS_DB_PASSWORD, or use --password-file";
        } else if (option.matches("--?[a-zA-Z-]{1,30}")) {
            return "unknown option " + option;
        }
        String commands = String.join(
                ", ", failure.getCommandLine().getCommandSpec().subcommands().keySet());
        return commands.isEmpty() ? "there is an argument too many" : "there is no such command; there are " + commands;
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        if (failure instanceof ParameterException wrong) {
            return handleParseException(wrong, new String[0]);
        }
        messages.println("Error: " + TextTable.harmless(message(failure)));
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
                    + SqlReason.of(unavailable)
                    + (unavailable.isOutcomeUnknown() ? "; look at the key before you try again" : "");
        }
        boolean written = failure instanceof CommandException
                || failure instanceof ApiKeyException
                || failure instanceof IllegalArgumentException
                || failure instanceof IllegalStateException;
        // A foreign exception may quote a statement or a value.
        if (!written || failure.getMessage() == null) {
            return "unexpected " + failure.getClass().getName();
        }
        // The store names the script of its jar. Here a command runs it.
        return exit(failure) == Exit.UNFIT
                ? failure.getMessage() + ". See 'schema status', and 'doctor'"
                : failure.getMessage();
    }
}
