package dev.apikeys.benchmarks;

import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.DoubleUnaryOperator;

/**
 * A line of the report.
 *
 * @param goal the number of the goal, or nothing
 * @param what what was measured
 * @param figure with its unit
 * @param ratio what is compared, or nothing
 * @param bound what it should be, or nothing
 * @param verdict whether it is
 */
record Line(String goal, String what, String figure, String ratio, String bound, String verdict) {
    private static final String MISSING = "not measured";

    /** A figure without a goal. */
    static Line plain(String what, String figure) {
        return new Line("", what, figure, "", "", "");
    }

    /** A goal that a ratio must not exceed. */
    static Line atMost(
            String goal, String what, String figure, OptionalDouble ratio, double bound, String comparedWith) {
        return judged(goal, what, figure, ratio, bound, "≤ " + number(bound) + comparedWith, 1);
    }

    /** A goal that a ratio must reach. */
    static Line atLeast(
            String goal, String what, String figure, OptionalDouble ratio, double bound, String comparedWith) {
        return judged(goal, what, figure, ratio, bound, "≥ " + number(bound) + comparedWith, -1);
    }

    private static Line judged(
            String goal, String what, String figure, OptionalDouble ratio, double bound, String text, int sign) {
        if (ratio.isEmpty()) {
            return new Line(goal, what, figure, "", text, MISSING);
        }
        boolean kept = sign * ratio.getAsDouble() <= sign * bound;
        return new Line(goal, what, figure, number(ratio.getAsDouble()), text, kept ? "reached" : "missed");
    }

    /** The operation on two figures, if both are there. */
    static OptionalDouble divided(OptionalDouble one, OptionalDouble other) {
        return map(one, value -> value / other.orElse(Double.NaN), other);
    }

    static OptionalDouble less(OptionalDouble one, OptionalDouble other) {
        return map(one, value -> value - other.orElse(Double.NaN), other);
    }

    static OptionalDouble times(double factor, OptionalDouble value) {
        return map(value, each -> factor * each, value);
    }

    private static OptionalDouble map(OptionalDouble value, DoubleUnaryOperator step, OptionalDouble needed) {
        return value.isPresent() && needed.isPresent()
                ? OptionalDouble.of(step.applyAsDouble(value.getAsDouble()))
                : OptionalDouble.empty();
    }

    static String figure(OptionalDouble value, String unit) {
        return value.isPresent() ? number(value.getAsDouble()) + " " + unit : MISSING;
    }

    /** Nanoseconds in the unit in which people read them. */
    static String time(OptionalDouble nanos) {
        if (nanos.isEmpty()) {
            return MISSING;
        }
        double value = nanos.getAsDouble();
        if (value >= 1e6) {
            return number(value / 1e6) + " ms";
        }
        return value >= 1e4 ? number(value / 1e3) + " µs" : number(value) + " ns";
    }

    static String number(double value) {
        double size = Math.abs(value);
        if (size < 0.005) {
            return "0";
        }
        return String.format(Locale.ROOT, size < 10 ? "%.2f" : size < 100 ? "%.1f" : "%,.0f", value);
    }

    /** As a row of a Markdown table. */
    String markdown() {
        return "| " + String.join(" | ", goal, what, figure, ratio, bound, verdict) + " |";
    }
}
