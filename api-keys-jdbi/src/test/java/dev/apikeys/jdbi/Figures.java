package dev.apikeys.jdbi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * What the tests measured, one line for each claim. A test takes it as a parameter; at the end of the run the table goes
 * to standard output and into {@code target/reliability.md}.
 */
final class Figures implements ParameterResolver, AfterEachCallback {
    private static final String HEAD =
            "| claim | database | n | p50 | max | bound | result |\n|---|---|--:|--:|--:|--:|---|\n";

    private final List<String> brokenClaims = new CopyOnWriteArrayList<>();
    private Table table = new Table();

    /** The lines of one run. Thread-safe. */
    private static final class Table implements AutoCloseable {
        private final Set<String> lines = new ConcurrentSkipListSet<>();

        @Override
        public void close() throws IOException {
            String text = HEAD + String.join("\n", lines) + "\n";
            System.out.println("\nReliability, as measured by this run:\n\n" + text);
            Files.writeString(Files.createDirectories(Path.of("target")).resolve("reliability.md"), text);
        }
    }

    /** Notes times in nanoseconds and whether all of them are within the bound. */
    boolean within(String claim, Object database, long[] nanos, double boundMillis) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        double max = sorted[sorted.length - 1] / 1e6;
        boolean kept = max <= boundMillis;
        add(
                claim,
                database,
                sorted.length,
                millis(sorted[sorted.length / 2] / 1e6),
                millis(max),
                millis(boundMillis),
                result(claim, kept));
        return kept;
    }

    /** Notes times in nanoseconds that nothing was promised about. */
    void measured(String claim, Object database, long[] nanos) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        String p50 = millis(sorted[sorted.length / 2] / 1e6);
        add(claim, database, sorted.length, p50, millis(sorted[sorted.length - 1] / 1e6), "", "measured");
    }

    /** As {@link #measured}, with the time within which 99 of 100 were done instead of the longest. */
    void percentiles(String claim, Object database, long[] nanos) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        String p50 = millis(sorted[sorted.length / 2] / 1e6);
        String p99 = millis(sorted[sorted.length * 99 / 100] / 1e6);
        add(claim, database, sorted.length, p50, p99 + " (p99)", "", "measured");
    }

    /** Notes how many times one thing took of another, and whether that is within the bound. */
    boolean ratio(String claim, Object database, long n, double times, double bound) {
        boolean kept = times <= bound;
        add(claim, database, n, String.format(Locale.ROOT, "%.2f x", times), "", bound + " x", result(claim, kept));
        return kept;
    }

    /** Notes that something that must not happen did so many times. */
    void count(String claim, Object database, long tries, long times) {
        add(claim, database, tries, "", Long.toString(times), "0", result(claim, times == 0));
    }

    /** Notes how often something happened that nothing was promised about. */
    void number(String what, Object database, long tries, long times) {
        add(what, database, tries, "", Long.toString(times), "", "measured");
    }

    /** A test whose figure broke its bound fails, whatever else it asserts: the table and the test never disagree. */
    @Override
    public void afterEach(ExtensionContext context) {
        requireKept();
    }

    /** Fails for what broke its bound since it was asked last. */
    void requireKept() {
        List<String> broken = List.copyOf(brokenClaims);
        brokenClaims.clear();
        if (!broken.isEmpty()) {
            throw new AssertionError("over the bound: " + broken);
        }
    }

    private String result(String claim, boolean kept) {
        if (!kept) {
            brokenClaims.add(claim);
        }
        return kept ? "kept" : "BROKEN";
    }

    private void add(String claim, Object database, long n, String p50, String max, String bound, String result) {
        table.lines.add(String.format(
                Locale.ROOT, "| %s | %s | %,d | %s | %s | %s | %s |", claim, database, n, p50, max, bound, result));
    }

    private static String millis(double millis) {
        return String.format(Locale.ROOT, millis < 10 ? "%.2f ms" : "%.0f ms", millis);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Figures.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        table = context.getRoot()
                .getStore(Namespace.create(Figures.class))
                .getOrComputeIfAbsent(Table.class, type -> new Table(), Table.class);
        return this;
    }
}
