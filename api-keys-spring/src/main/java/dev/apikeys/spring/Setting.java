package dev.apikeys.spring;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.function.UnaryOperator;
import org.springframework.boot.convert.DurationStyle;

/** Applies properties, and names the one that can't be applied. */
final class Setting {
    private Setting() {}

    /** A step from one value to the next. */
    interface Step<S, T> {
        T from(S source);
    }

    /**
     * Applies a step.
     *
     * @throws InvalidSettingException when it refuses the value; the message of the library names it and never a secret
     */
    static <S, T> T apply(String property, S source, Step<S, T> step) {
        try {
            return step.from(source);
        } catch (IllegalArgumentException refused) {
            throw new InvalidSettingException(property, refused.getMessage());
        }
    }

    /**
     * Checks a duration. A number without a unit is milliseconds, which nobody means where days or seconds are usual.
     *
     * @param example how it is written, such as {@code 90d}
     * @throws InvalidSettingException when it is shorter
     */
    static void requireAtLeast(String property, Duration least, Duration value, String example) {
        if (value.compareTo(least) < 0) {
            throw new InvalidSettingException(
                    property,
                    "at least " + DurationStyle.SIMPLE.print(least, unitOf(least)) + ", with its unit, such as "
                            + example + ". A number alone is milliseconds: " + value);
        }
    }

    /**
     * As {@link #requireAtLeast}, where zero means something, too.
     *
     * @throws InvalidSettingException when it is neither zero nor long enough
     */
    static void requireZeroOrAtLeast(String property, Duration least, Duration value, String example) {
        if (!value.isZero()) {
            requireAtLeast(property, least, value, example);
        }
    }

    private static ChronoUnit unitOf(Duration exact) {
        return exact.toMillisPart() == 0 ? ChronoUnit.SECONDS : ChronoUnit.MILLIS;
    }

    /** As {@link #apply}, for builders. */
    static <B> void set(String property, B builder, UnaryOperator<B> step) {
        var same = apply(property, builder, step::apply);
        assert same == builder;
    }
}
