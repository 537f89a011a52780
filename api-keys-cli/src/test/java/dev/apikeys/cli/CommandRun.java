package dev.apikeys.cli;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs commands inside the test, against one database. */
final class CommandRun {
    private final Map<String, String> environment = new HashMap<>();
    private Terminal terminal = Terminal.NONE;
    private Supplier<String> typed = () -> "";
    private Clock clock = Clock.systemUTC();
    private Optional<String> hidden = Optional.empty();
    private Function<OutputStream, OutputStream> pipe = out -> out;

    /** What a command gave. */
    record Result(int code, String out, String messages) {}

    CommandRun(String url, String user) {
        environment.put("APIKEYS_DB_URL", url);
        environment.put("APIKEYS_DB_USER", user);
        environment.put("APIKEYS_DB_PASSWORD", "");
    }

    CommandRun with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    CommandRun without(String variable) {
        environment.remove(variable);
        return this;
    }

    /** Somebody sits at a terminal and types this. */
    CommandRun typing(String text) {
        return typing(() -> text);
    }

    /** Somebody sits at a terminal, and does something before they type. */
    CommandRun typing(Supplier<String> answer) {
        terminal = new Terminal(true, true, true);
        typed = answer;
        return this;
    }

    /** Somebody is asked for a secret, and types this. */
    CommandRun hiding(String secret) {
        hidden = Optional.of(secret);
        return this;
    }

    /** The output goes through this. */
    CommandRun into(Function<OutputStream, OutputStream> other) {
        pipe = other;
        return this;
    }

    CommandRun at(Clock other) {
        clock = other;
        return this;
    }

    Result run(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StringBuilder asked = new StringBuilder();
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        Surroundings surroundings = new Surroundings(
                new BufferedReader(new Typed(typed)),
                new PrintStream(pipe.apply(out), true, StandardCharsets.UTF_8),
                new PrintStream(messages, true, StandardCharsets.UTF_8),
                Map.copyOf(environment),
                terminal,
                question -> {
                    asked.append(question);
                    return hidden;
                },
                clock);
        int code = ApiKeysCli.run(surroundings, args);
        return new Result(
                code, out.toString(StandardCharsets.UTF_8), asked + messages.toString(StandardCharsets.UTF_8));
    }

    /** The output of a command that has to succeed. */
    String ok(String... args) {
        Result result = run(args);
        if (result.code() != 0) {
            throw new AssertionError("ended with " + result.code() + ": " + result.messages());
        }
        return result.out();
    }

    /** As {@link #ok}, with these arguments before the others. */
    String ok(List<String> first, String... args) {
        List<String> all = new ArrayList<>(first);
        all.addAll(List.of(args));
        return ok(all.toArray(String[]::new));
    }

    /** A text that is made when it is read. */
    private static final class Typed extends Reader {
        private final Supplier<String> text;
        private @Nullable StringReader reader;

        Typed(Supplier<String> text) {
            this.text = text;
        }

        @Override
        public int read(char[] buffer, int offset, int length) throws IOException {
            if (reader == null) {
                reader = new StringReader(text.get());
            }
            return reader.read(buffer, offset, length);
        }

        @Override
        public void close() {}
    }
}
