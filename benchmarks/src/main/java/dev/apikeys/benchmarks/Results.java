package dev.apikeys.benchmarks;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/**
 * What was measured, found by the benchmark's name. A figure is the median of all iterations of all rounds.
 *
 * <p>Immutable and thread-safe.
 */
final class Results {
    private static final String BYTES = "gc.alloc.rate.norm";

    private final List<RunResult> runs;

    Results(Collection<RunResult> runs) {
        this.runs = List.copyOf(runs);
    }

    /** The score of one benchmark with one thread; parameters, as {@code name=value}, may be left out at their defaults. */
    OptionalDouble score(String benchmark, String... parameters) {
        return scoreWithThreads(1, benchmark, parameters);
    }

    OptionalDouble scoreWithThreads(int threads, String benchmark, String... parameters) {
        return median(threads, benchmark, parameters, Results::primary);
    }

    /** Bytes allocated by each operation. */
    OptionalDouble bytes(String benchmark, String... parameters) {
        return secondary(BYTES, benchmark, parameters);
    }

    /** A counter of the benchmark's own, or the part of one method of a group. */
    OptionalDouble secondary(String label, String benchmark, String... parameters) {
        return median(0, benchmark, parameters, iteration -> {
            Result<?> result = iteration.getSecondaryResults().get(label);
            return result == null ? DoubleStream.empty() : DoubleStream.of(result.getScore());
        });
    }

    /** Of two counters of one iteration, how many times the one is the other. */
    OptionalDouble quotient(String over, String under, String benchmark) {
        return median(0, benchmark, new String[0], iteration -> {
            Result<?> numerator = iteration.getSecondaryResults().get(over);
            Result<?> denominator = iteration.getSecondaryResults().get(under);
            return numerator == null || denominator == null
                    ? DoubleStream.empty()
                    : DoubleStream.of(numerator.getScore() / denominator.getScore());
        });
    }

    private static DoubleStream primary(IterationResult iteration) {
        return DoubleStream.of(iteration.getPrimaryResult().getScore());
    }

    private OptionalDouble median(
            int threads, String benchmark, String[] parameters, Function<IterationResult, DoubleStream> figure) {
        double[] sorted = runs.stream()
                .filter(run -> isMeant(run.getParams(), threads, benchmark, parameters))
                .flatMap(run -> run.getBenchmarkResults().stream())
                .flatMap(fork -> fork.getIterationResults().stream())
                .flatMapToDouble(figure)
                .sorted()
                .toArray();
        if (sorted.length == 0) {
            return OptionalDouble.empty();
        }
        int middle = sorted.length / 2;
        return OptionalDouble.of(sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2);
    }

    private static boolean isMeant(BenchmarkParams run, int threads, String benchmark, String[] parameters) {
        return run.getBenchmark().endsWith("." + benchmark)
                && (threads == 0 || run.getThreads() == threads)
                && run.getParamsKeys().stream()
                        .allMatch(key -> run.getParam(key).equals(wanted(key, parameters)));
    }

    private static String wanted(String key, String[] parameters) {
        return Arrays.stream(parameters)
                .filter(parameter -> parameter.startsWith(key + "="))
                .map(parameter -> parameter.substring(key.length() + 1))
                .findFirst()
                .orElse(
                        switch (key) {
                            case "keys" -> "1000";
                            case "map" -> "hash";
                            case "pepper" -> "none";
                            default -> "";
                        });
    }
}
