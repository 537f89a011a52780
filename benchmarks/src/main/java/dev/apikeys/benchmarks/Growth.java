package dev.apikeys.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** How cost grows with cached keys and with threads, as two Markdown tables. */
final class Growth {
    private Growth() {}

    static String keys(Results results) {
        StringBuilder table = new StringBuilder("""
                | cached keys | floor | floor over Caffeine | verify | verify / floor over Caffeine |
                |--:|--:|--:|--:|--:|
                """);
        for (int keys : Plan.keyCounts()) {
            OptionalDouble floor = results.score("VerifyCached.floor", "keys=" + keys);
            OptionalDouble caffeine = results.score("VerifyCached.floor", "keys=" + keys, "map=caffeine");
            OptionalDouble verify = results.score("VerifyCached.verify", "keys=" + keys);
            if (verify.isEmpty()) {
                continue;
            }
            row(
                    table,
                    String.format(Locale.ROOT, "%,d", keys),
                    List.of(
                            Line.time(floor),
                            Line.time(caffeine),
                            Line.time(verify),
                            Line.figure(Line.divided(verify, caffeine), "")));
        }
        return table.toString();
    }

    static String threads(Results results) {
        StringBuilder table = new StringBuilder("""
                | threads | floor, operations/µs | verify, operations/µs | verify × 1 thread |
                |--:|--:|--:|--:|
                """);
        OptionalDouble one = results.score("VerifyCached.verify");
        for (int threads : Plan.threads()) {
            OptionalDouble floor = results.scoreWithThreads(threads, "VerifyCached.floor");
            OptionalDouble verify = results.scoreWithThreads(threads, "VerifyCached.verify");
            row(
                    table,
                    Integer.toString(threads),
                    List.of(
                            rate(threads, floor),
                            rate(threads, verify),
                            Line.figure(Line.times(threads, Line.divided(one, verify)), "")));
        }
        return table.toString();
    }

    private static String rate(int threads, OptionalDouble nanos) {
        return Line.figure(Line.divided(OptionalDouble.of(threads * 1_000.0), nanos), "");
    }

    private static void row(StringBuilder table, String first, List<String> cells) {
        table.append("| ").append(first);
        cells.forEach(cell -> table.append(" | ").append(cell.strip()));
        table.append(" |\n");
    }
}
