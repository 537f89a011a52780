package dev.apikeys.benchmarks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * What a report measures, in which order and for how long. Benchmarks that are compared with the floor run alternately
 * with it in several rounds, so that changes in the speed of the machine affect both.
 *
 * <p>Not thread-safe.
 */
final class Plan {
    private static final int MANY_KEYS = 1_000_000;

    private final Length length;
    private final Collection<RunResult> results = new ArrayList<>();

    /** How thorough. */
    enum Length {
        /** Only checks that everything runs. The figures mean nothing. */
        SMOKE(1, 1, 1, 100, 1, 1),
        /** Under ten minutes. */
        SHORT(2, 2, 3, 600, 15, 30),
        /** More rounds, longer ones. */
        LONG(3, 4, 6, 1_000, 20, 60);

        private final int rounds;
        private final int warmups;
        private final int measurements;
        private final int millis;
        private final int httpWarmups;
        private final int httpTurns;

        Length(int rounds, int warmups, int measurements, int millis, int httpWarmups, int httpTurns) {
            this.rounds = rounds;
            this.warmups = warmups;
            this.measurements = measurements;
            this.millis = millis;
            this.httpWarmups = httpWarmups;
            this.httpTurns = httpTurns;
        }
    }

    Plan(Length length) {
        this.length = length;
    }

    /** From one thread to twice as many as there are processors, by doubling. */
    static List<Integer> threads() {
        List<Integer> threads = new ArrayList<>();
        for (int i = 1; i <= 2 * Runtime.getRuntime().availableProcessors(); i *= 2) {
            threads.add(i);
        }
        return threads;
    }

    /** Numbers of cached keys. The last of them only in a long run. */
    static List<Integer> keyCounts() {
        return List.of(1_000, 10_000, 100_000, 1_000_000, 10_000_000);
    }

    /** Numbers of cached keys that have goals. */
    static List<Integer> manyKeys() {
        return List.of(1_000_000, 10_000_000);
    }

    private List<Integer> measuredKeyCounts() {
        return length == Length.LONG
                ? keyCounts()
                : keyCounts().subList(0, keyCounts().size() - 1);
    }

    /** Measures everything; what can't be measured here is left out. */
    Collection<RunResult> run(Consumer<String> progress) throws RunnerException {
        for (int round = 1; round <= length.rounds; round++) {
            progress.accept("floor, library, refusals and peers, round " + round + " of " + length.rounds);
            run("VerifyCached\\.(floor|verify|verifyHeader)", options -> {});
            run("VerifyCached\\.verify", options -> options.param("pepper", "p1"));
            run("VerifyRejected\\..*", options -> {});
            for (int threads : threads()) {
                if (threads > 1) {
                    // More threads than processors leave the compiler little time.
                    run(
                            "VerifyCached\\.(floor|verify)",
                            options -> options.threads(threads).warmupIterations(threads * length.warmups));
                }
            }
        }
        progress.accept("the count of accepted tokens");
        run("AcceptedCount\\..*", options -> options.forks(length.rounds));
        run("Peers\\..*", options -> {});
        for (int keys : measuredKeyCounts()) {
            progress.accept(keys + " keys");
            String[] floors = keys == 1_000 ? new String[] {"caffeine"} : new String[] {"hash", "caffeine"};
            run("VerifyCached\\.floor", options -> with(keys, options).param("map", floors));
            if (keys != 1_000) {
                run("VerifyCached\\.verify", options -> with(keys, options));
            }
        }
        progress.accept("memory");
        String[] sizes =
                measuredKeyCounts().stream().skip(1).map(String::valueOf).toArray(String[]::new);
        run(
                "CacheMemory\\..*",
                options -> options.param("keys", sizes).warmupIterations(0).measurementIterations(1));
        progress.accept("databases");
        run(
                "(VerifyCold|Issue)\\..*",
                options -> options.warmupIterations(2 * length.warmups).measurementIterations(2 * length.measurements));
        progress.accept("the parts");
        run("(TokenParse|Hashing|ScopeMatch|UsageRecording|McpDecide)\\..*", options -> {});
        progress.accept("imported keys");
        // Few calls fit into a second: more of them, in turns.
        for (int round = 0; round < length.rounds; round++) {
            run(
                    "VerifyImported\\.(first|password4j)",
                    options -> options.measurementTime(TimeValue.milliseconds(3L * length.millis)));
        }
        run("VerifyImported\\.(repeated|repeatedMachineMade|ownKey)", options -> {});
        progress.accept("the filter in Jetty");
        run(
                "FilterOverHttp\\..*",
                options -> options.warmupIterations(length.httpWarmups).measurementIterations(length.httpTurns));
        progress.accept("the guard before an MCP server");
        run(
                "GuardOverHttp\\..*",
                options -> options.warmupIterations(length.httpWarmups).measurementIterations(length.httpTurns));
        return results;
    }

    /** A cache that was just filled has yet to find out which keys are busy. With a million keys that takes some seconds. */
    private ChainedOptionsBuilder with(int keys, ChainedOptionsBuilder options) {
        return options.param("keys", "" + keys)
                .warmupIterations(keys < MANY_KEYS ? length.warmups : 3 * length.warmups);
    }

    private void run(String benchmarks, Consumer<ChainedOptionsBuilder> more) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("\\." + benchmarks + "$")
                .forks(1)
                .warmupIterations(length.warmups)
                .warmupTime(TimeValue.milliseconds(length.millis))
                .measurementIterations(length.measurements)
                .measurementTime(TimeValue.milliseconds(length.millis))
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(false)
                .verbosity(VerboseMode.SILENT);
        more.accept(options);
        results.addAll(new Runner(options.build()).run());
    }
}
