package dev.apikeys.servlet;

import dev.apikeys.ApiKey;
import dev.apikeys.AuditEvent;
import dev.apikeys.KeyPolicy;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import dev.apikeys.Password;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The rules for what callers send, one method a rule, for every family. Each notes what is wrong and goes on, so that
 * one answer names every field; what a method gives for a wrong field is a harmless stand-in.
 *
 * <p>Not thread-safe; one per call.
 */
final class FieldChecks {
    private static final Pattern INTEGER = Pattern.compile("-?[0-9]+");

    private final Input input;
    private final List<Violation> violations = new ArrayList<>();

    FieldChecks(Input input) {
        this.input = input;
    }

    /** The value, unless some field was wrong. */
    <T> Outcome<T> unlessViolated(T value) {
        return violations.isEmpty() ? Outcome.done(value) : Outcome.failed(new Failure.Invalid(violations));
    }

    /** Required: the key's name. */
    KeySpec named(KeySpec spec) {
        Optional<String> name = requiredText(Field.NAME, Violation.Code.INVALID);
        if (name.isEmpty()) {
            return spec;
        }
        String stripped = name.get().strip();
        if (stripped.codePointCount(0, stripped.length()) > ApiKey.MAX_NAME_LENGTH) {
            violated(Field.NAME, Violation.Code.TOO_LONG);
            return spec;
        }
        try {
            return spec.named(stripped);
        } catch (IllegalArgumentException unprintable) {
            violated(Field.NAME, Violation.Code.INVALID);
            return spec;
        }
    }

    /** Required: {@code read} or {@code write}. */
    KeySpec withMode(KeySpec spec) {
        Optional<String> mode = requiredText(Field.MODE, Violation.Code.INVALID_MODE);
        if (mode.isEmpty()) {
            return spec;
        }
        for (Mode known : Mode.values()) {
            if (known.name().toLowerCase(Locale.ROOT).equals(mode.get())) {
                return spec.mode(known);
            }
        }
        violated(Field.MODE, Violation.Code.INVALID_MODE);
        return spec;
    }

    /** Optional: whole days from 1; what is longer than the policy allows becomes the longest that it allows. */
    KeySpec expiring(KeySpec spec, KeyPolicy policy) {
        Object days = input.get(Field.LIFETIME_DAYS);
        if (days == null) {
            return spec;
        }
        if (!(days instanceof Number)) {
            violated(Field.LIFETIME_DAYS, Violation.Code.INVALID);
            return spec;
        }
        BigInteger wanted = new BigInteger(days.toString());
        if (wanted.signum() < 1) {
            violated(Field.LIFETIME_DAYS, Violation.Code.OUT_OF_RANGE);
            return spec;
        }
        Duration longest = policy.maxLifetime();
        boolean fits = wanted.compareTo(BigInteger.valueOf(longest.toDays())) <= 0;
        return spec.expiresIn(fits ? Duration.ofDays(wanted.longValueExact()) : longest);
    }

    /** Required: the caller's password; whether it is the right one is for the step-up to say. */
    Password password() {
        Object typed = input.get(Field.PASSWORD);
        if (typed == null || typed.equals("")) {
            violated(Field.PASSWORD, Violation.Code.REQUIRED);
        } else if (typed instanceof String text) {
            return Password.of(text);
        } else {
            violated(Field.PASSWORD, Violation.Code.INVALID);
        }
        return Password.of("");
    }

    /** Optional, from a query: a number within these bounds. */
    int number(Field field, int usual, int least, int most) {
        Optional<String> text = queryText(field);
        if (text.isEmpty()) {
            return usual;
        }
        if (!INTEGER.matcher(text.get()).matches()) {
            violated(field, Violation.Code.INVALID);
            return usual;
        }
        BigInteger number = new BigInteger(text.get());
        if (number.compareTo(BigInteger.valueOf(least)) < 0 || number.compareTo(BigInteger.valueOf(most)) > 0) {
            violated(field, Violation.Code.OUT_OF_RANGE);
            return usual;
        }
        return number.intValueExact();
    }

    /** Optional, from a query: the name of an audit event. */
    Optional<AuditEvent> event() {
        Optional<String> text = queryText(Field.EVENT);
        for (AuditEvent known : AuditEvent.values()) {
            if (text.isPresent() && known.name().toLowerCase(Locale.ROOT).equals(text.get())) {
                return Optional.of(known);
            }
        }
        if (text.isPresent()) {
            violated(Field.EVENT, Violation.Code.INVALID);
        }
        return Optional.empty();
    }

    /** Optional, from a query: a key id. */
    Optional<UUID> key() {
        Optional<String> text = queryText(Field.KEY);
        Optional<UUID> id = text.flatMap(FieldChecks::keyId);
        if (text.isPresent() && id.isEmpty()) {
            violated(Field.KEY, Violation.Code.INVALID);
        }
        return id;
    }

    /** A key id in the form of RFC 9562, in either case; empty for anything else. */
    static Optional<UUID> keyId(String text) {
        try {
            // The JDK reads shortened forms and foreign digits as well; only one of them is the id.
            return Optional.of(UUID.fromString(text)).filter(id -> id.toString().equals(text.toLowerCase(Locale.ROOT)));
        } catch (IllegalArgumentException noId) {
            return Optional.empty();
        }
    }

    private void violated(Field field, Violation.Code code) {
        violations.add(new Violation(field, code, field == Field.PASSWORD ? "" : shown(input.get(field))));
    }

    private Optional<String> requiredText(Field field, Violation.Code otherwise) {
        Object value = input.get(field);
        if (value == null || (value instanceof String text && text.isBlank())) {
            violated(field, Violation.Code.REQUIRED);
            return Optional.empty();
        }
        if (value instanceof String text) {
            return Optional.of(text);
        }
        violated(field, otherwise);
        return Optional.empty();
    }

    /** A filter that is there but empty filters nothing. */
    private Optional<String> queryText(Field field) {
        return Optional.ofNullable(input.get(field)).map(Object::toString).filter(text -> !text.isEmpty());
    }

    private static String shown(@Nullable Object value) {
        return value == null || value instanceof List ? "" : value.toString();
    }
}
