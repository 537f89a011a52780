package dev.apikeys.spring;

import java.util.function.UnaryOperator;

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

    /** As {@link #apply}, for builders. */
    static <B> void set(String property, B builder, UnaryOperator<B> step) {
        var same = apply(property, builder, step::apply);
        assert same == builder;
    }
}
