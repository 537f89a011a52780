package dev.apikeys.cli;

import java.util.Objects;

/** The program. Thread-safe, as it has no state. */
public final class ApiKeysCli {
    private ApiKeysCli() {}

    /** Runs one command, and ends the process with one of the codes that {@code --help} lists. */
    public static void main(String... args) {
        Objects.requireNonNull(args, "args");
        // Some JDKs have a console even where nobody sits at one.
        System.setProperty("jdk.console", "java.base");
        System.exit(run(Surroundings.ofProcess(), args));
    }

    static int run(Surroundings surroundings, String... args) {
        return Commands.commandLine(surroundings).execute(args);
    }
}
