package dev.apikeys.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/** Times as people write them. */
final class Times {
    private static final Pattern SHORT = Pattern.compile("(\\d{1,6})([wdhms])");

    private static final Duration LONGEST = Duration.ofDays(3_650_000);

    private Times() {}

    /**
     * {@code 90d}, {@code 12h}, {@code 30m}, {@code 45s}, {@code 2w}, or ISO 8601 such as {@code PT1H30M}; none is negative, or
     * longer than times can tell.
     */
    static Duration duration(String text) {
        Duration read = read(text);
        if (read.isNegative() || read.compareTo(LONGEST) > 0) {
            throw new TypeConversionException("a duration is not negative, and shorter than 10,000 years");
        }
        return read;
    }

    private static Duration read(String text) {
        Matcher matcher = SHORT.matcher(text);
        if (matcher.matches()) {
            long count = Long.parseLong(matcher.group(1));
            return switch (matcher.group(2)) {
                case "w" -> Duration.ofDays(7 * count);
                case "d" -> Duration.ofDays(count);
                case "h" -> Duration.ofHours(count);
                case "m" -> Duration.ofMinutes(count);
                default -> Duration.ofSeconds(count);
            };
        }
        try {
            return Duration.parse(text);
        } catch (DateTimeException | ArithmeticException unreadable) {
            throw new TypeConversionException("a duration is like 90d, 12h, 30m, 45s, 2w or PT1H30M");
        }
    }

    /** {@code 2027-01-31}, which begins at midnight UTC, or {@code 2027-01-31T12:00:00Z}. */
    static Instant instant(String text) {
        try {
            return text.indexOf('T') < 0
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : Instant.parse(text);
        } catch (DateTimeException unreadable) {
            throw new TypeConversionException("a time is like 2027-01-31 or 2027-01-31T12:00:00Z");
        }
    }
}
