package dev.apikeys.jdbi;

import java.util.Objects;

/**
 * One thing that a {@link DatabaseDiagnosis} examined.
 *
 * <p>Immutable and thread-safe.
 *
 * @param check what was examined, one word, as in the table of {@link DatabaseDiagnosis}
 * @param level how bad it is
 * @param found what is the case, for people; holds no secret
 * @param advice what to do; empty when it is {@link Level#OK}
 */
public record Finding(String check, Level level, String found, String advice) {
    /** How bad a finding is, the least first. */
    public enum Level {
        /** As it should be. */
        OK,
        /** Works; somebody should look at it. */
        WARNING,
        /** Keys are lost, accepted for too long or not verified; or soon will be. */
        PROBLEM
    }

    /** Checks that nothing is missing. */
    public Finding {
        Objects.requireNonNull(check, "check");
        Objects.requireNonNull(level, "level");
        Objects.requireNonNull(found, "found");
        Objects.requireNonNull(advice, "advice");
    }

    static Finding ok(String check, String found) {
        return new Finding(check, Level.OK, found, "");
    }

    static Finding warning(String check, String found, String advice) {
        return new Finding(check, Level.WARNING, found, advice);
    }

    static Finding problem(String check, String found, String advice) {
        return new Finding(check, Level.PROBLEM, found, advice);
    }
}
