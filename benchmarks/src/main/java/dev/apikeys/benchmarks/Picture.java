package dev.apikeys.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * Bars for what a check costs in one way or another, on a logarithmic scale, as SVG.
 *
 * <p>Not thread-safe.
 */
final class Picture {
    private static final int LEFT = 260;
    private static final int WIDTH = 860;
    private static final int ROW = 26;
    private static final int TOP = 56;
    private static final double LEAST = 10;
    private static final double DECADES = 7;

    private final List<String> bars = new ArrayList<>();

    /** The picture of a report. */
    static String of(Results results) {
        Picture picture = new Picture();
        picture.bar("floor", results.score("VerifyCached.floor"), "#9aa5b1");
        picture.bar("verify, cached", results.score("VerifyCached.verify"), "#1f7a4d");
        picture.bar("verify, garbage", results.score("VerifyRejected.malformed"), "#1f7a4d");
        picture.bar("verify, wrong secret", results.score("VerifyRejected.wrongSecret"), "#1f7a4d");
        for (int keys : Plan.keyCounts()) {
            OptionalDouble caffeine = results.score("VerifyCached.floor", "keys=" + keys, "map=caffeine");
            picture.bar(String.format(Locale.ROOT, "floor over Caffeine, %,d keys", keys), caffeine, "#9aa5b1");
            OptionalDouble verify = results.score("VerifyCached.verify", "keys=" + keys);
            picture.bar(String.format(Locale.ROOT, "verify, %,d keys cached", keys), verify, "#1f7a4d");
        }
        for (String database : List.of("H2", "PostgreSQL")) {
            picture.bar(
                    "verify, not cached, " + database,
                    Line.times(1_000, results.secondary("verify", "VerifyCold.cold", "database=" + database)),
                    "#1f7a4d");
        }
        Goals.Peer.all()
                .forEach(peer -> picture.bar("JWT HS256, " + peer.title(), results.score(peer.benchmark()), "#b3541e"));
        picture.bar("Argon2id, 15 MiB, t 2", results.score("Hashing.argon2id"), "#8a1c3b");
        picture.bar("bcrypt, cost 10", results.score("Hashing.bcrypt"), "#8a1c3b");
        return picture.svg();
    }

    private void bar(String label, OptionalDouble nanos, String colour) {
        if (nanos.isEmpty()) {
            return;
        }
        int y = TOP + bars.size() * ROW;
        double length = x(nanos.getAsDouble()) - LEFT;
        bars.add(String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>"
                        + "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"18\" fill=\"%s\"/>"
                        + "<text x=\"%.1f\" y=\"%d\">%s</text>",
                LEFT - 8,
                y + 14,
                label,
                LEFT,
                y,
                length,
                colour,
                LEFT + length + 6,
                y + 14,
                Line.time(nanos)));
    }

    private static double x(double nanos) {
        double decades = Math.log10(Math.max(nanos, LEAST) / LEAST);
        return LEFT + (WIDTH - LEFT - 80) * Math.min(decades / DECADES, 1);
    }

    private String svg() {
        int height = TOP + bars.size() * ROW + 12;
        StringBuilder out = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
                        + " font-size=\"13\" role=\"img\" aria-label=\"What one check costs\">%n"
                        + "<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>%n"
                        + "<text x=\"%d\" y=\"20\" font-weight=\"bold\">What one check costs, one thread,"
                        + " logarithmic scale</text>%n",
                WIDTH,
                height,
                LEFT));
        for (int decade = 0; decade <= DECADES; decade++) {
            double at = x(LEAST * Math.pow(10, decade));
            out.append(String.format(
                    Locale.ROOT,
                    "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"#dde2e7\"/>"
                            + "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" fill=\"#5b6670\">%s</text>%n",
                    at,
                    at,
                    TOP - 8,
                    height - 8,
                    at,
                    TOP - 14,
                    unit(decade)));
        }
        bars.forEach(bar -> out.append(bar).append('\n'));
        return out.append("</svg>\n").toString();
    }

    private static String unit(int decade) {
        String[] units = {"10 ns", "100 ns", "1 µs", "10 µs", "100 µs", "1 ms", "10 ms", "100 ms"};
        return units[decade];
    }
}
