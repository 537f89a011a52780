package dev.apikeys.management;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One field that was wrong.
 *
 * @param value the value that was sent, as text for display; empty if it is secret or absent
 * @param source where the field was
 */
record Violation(
        Field field,
        Code code,
        String value,
        Route.Source source,
        @Nullable String sentAs) {
    private static final int MAX_VALUE_LENGTH = 100;
    private static final int REPLACEMENT = 0xFFFD;

    enum Code {
        REQUIRED,
        INVALID,
        TOO_LONG,
        OUT_OF_RANGE,
        INVALID_MODE,
        NOT_GRANTABLE,
        INCORRECT_PASSWORD,
        INCORRECT_PROOF;

        /** The code as the families write it. */
        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Cuts the value to length. A lone surrogate has no UTF-8 form and becomes U+FFFD. */
    Violation {
        StringBuilder shown = new StringBuilder();
        value.codePoints()
                .limit(MAX_VALUE_LENGTH)
                .map(c -> Character.getType(c) == Character.SURROGATE ? REPLACEMENT : c)
                .forEach(shown::appendCodePoint);
        value = shown.toString();
    }

    /** What is wrong with the proof in the field with this name; its value is never shown. */
    static Violation ofProof(Code code, String name) {
        return new Violation(Field.PROOF, code, "", Route.Source.BODY, name);
    }
}
