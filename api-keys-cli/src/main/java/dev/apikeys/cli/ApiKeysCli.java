package dev.apikeys.cli;

import java.util.Objects;
import java.util.logging.LogManager;

/** The program. Thread-safe, as it has no state. */
public final class ApiKeysCli {
    private ApiKeysCli() {}

    /** Runs one command, and ends the process with one of the codes that {@code --help} lists. */
    public static void main(String... args) {
        Objects.requireNonNull(args, "args");
        // Some JDKs have a console even where nobody sits at one.
        System.setProperty("jdk.console", "java.base");
        // The driver of PostgreSQL logs what it does not understand, such as a part of a URL.
        LogManager.getLogManager().reset();
        System.exit(run(Surroundings.ofProcess(), args));
    }

    static int run(Surroundings surroundings, String... args) {
        int code = Commands.commandLine(surroundings).execute(args);
        if (code != Exit.OK.code() || !surroundings.out().checkError()) {
            return code;
        }
        surroundings.messages().println("Error: the output could not be written to its end");
        return Exit.UNWRITTEN.code();
    }
}
