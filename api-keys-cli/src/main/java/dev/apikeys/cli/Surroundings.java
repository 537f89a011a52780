package dev.apikeys.cli;

import java.io.BufferedReader;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a command finds around it, passed in so that tests can have their own.
 *
 * @param in what somebody types
 * @param out what the command gives: tables, JSON, tokens; in UTF-8
 * @param messages everything else
 * @param environment variables
 * @param terminal which of these are a terminal
 * @param secrets asks for a text that isn't shown; empty where nobody can be asked
 * @param clock the time of this machine
 */
record Surroundings(
        BufferedReader in,
        PrintStream out,
        PrintStream messages,
        Map<String, String> environment,
        Terminal terminal,
        Function<String, Optional<String>> secrets,
        Clock clock) {

    static Surroundings ofProcess() {
        Reader in = new InputStreamReader(System.in, StandardCharsets.UTF_8);
        return new Surroundings(
                new BufferedReader(in),
                stream(FileDescriptor.out),
                stream(FileDescriptor.err),
                System.getenv(),
                Terminal.ofProcess(),
                Surroundings::askConsole,
                Clock.systemUTC());
    }

    /** A variable; empty when it is not set, or set to nothing. */
    Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    /** Whether colours are wanted on a stream; see no-color.org. */
    boolean coloursOn(boolean streamIsTerminal) {
        return streamIsTerminal && variable("NO_COLOR").isEmpty() && !"dumb".equals(environment.get("TERM"));
    }

    private static Optional<String> askConsole(String question) {
        Console console = Terminal.console();
        if (console == null) {
            return Optional.empty();
        }
        char[] typed = console.readPassword("%s", question);
        return Optional.ofNullable(typed).map(String::new);
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }
}
