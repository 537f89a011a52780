package dev.apikeys.management;

import dev.apikeys.AuditEvent;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeyName;
import dev.apikeys.spi.StepUp.Password;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The rules for fields, one method for each rule, for every family. Each method notes a violation and continues, so
 * that one answer names all wrong fields. For a wrong field it returns a harmless default.
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

    /** The value, if no field was wrong. */
    <T> Result<T> unlessViolated(T value) {
        return violations.isEmpty() ? Result.done(value) : Result.failed(new ManagementProblem.Invalid(violations));
    }

    /** The raw value that was sent; null if there is none. */
    @Nullable
    Object value(Field field) {
        return input.get(field);
    }

    /** Tells whether the field was sent. */
    boolean has(Field field) {
        return input.get(field) != null;
    }

    /** Optional: text. */
    Optional<String> text(Field field) {
        Object value = input.get(field);
        if (value != null && !(value instanceof String)) {
            violated(field, Violation.Code.INVALID);
        }
        return input.text(field);
    }

    /** Required: text that isn't blank. */
    Optional<String> requiredText(Field field, Violation.Code otherwise) {
        Object value = input.get(field);
        if (value == null
                || (value instanceof String text && KeyName.trimmed(text).isEmpty())) {
            violated(field, Violation.Code.REQUIRED);
            return Optional.empty();
        }
        if (value instanceof String text) {
            return Optional.of(text);
        }
        violated(field, otherwise);
        return Optional.empty();
    }

    /** Optional: true or false. */
    Optional<Boolean> on(Field field) {
        Object value = input.get(field);
        if (value != null && !(value instanceof Boolean)) {
            violated(field, Violation.Code.INVALID);
        }
        return value instanceof Boolean on ? Optional.of(on) : Optional.empty();
    }

    /** Optional: a word that the parser knows. */
    <T> Optional<T> word(Field field, Function<String, T> parser) {
        return text(field).flatMap(word -> accepted(field, word, parser));
    }

    /** Optional: a list of words for the parser. */
    <T> Optional<T> words(Field field, Function<List<String>, T> parser) {
        Object value = input.get(field);
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof List<?> list) || !list.stream().allMatch(String.class::isInstance)) {
            violated(field, Violation.Code.INVALID);
            return Optional.empty();
        }
        return accepted(field, list.stream().map(String.class::cast).toList(), parser);
    }

    /** The parsed value, if the core accepts it. */
    <V, T> Optional<T> accepted(Field field, V value, Function<V, T> parser) {
        try {
            return Optional.of(parser.apply(value));
        } catch (IllegalArgumentException refused) {
            violated(field, Violation.Code.INVALID);
            return Optional.empty();
        }
    }

    /** Optional, from a query: a search text that narrows the filter. */
    KeyFilter searching(KeyFilter filter) {
        Optional<String> text = queryText(Field.SEARCH);
        if (text.isPresent() && text.get().length() > KeyFilter.MAX_SEARCH_LENGTH) {
            violated(Field.SEARCH, Violation.Code.TOO_LONG);
            return filter;
        }
        return text.map(filter::search).orElse(filter);
    }

    /**
     * Required: the caller's proof. The step-up checks whether it is right.
     *
     * @param name the name of its field
     */
    Password proof(String name) {
        Object typed = input.get(Field.PROOF);
        if (typed instanceof String text && !text.isEmpty()) {
            return Password.of(text);
        }
        boolean absent = typed == null || typed.equals("");
        violations.add(Violation.ofProof(absent ? Violation.Code.REQUIRED : Violation.Code.INVALID, name));
        return Password.of("");
    }

    /** Optional, from a query: the number of a page, from 1. */
    int page() {
        return number(Field.PAGE, 1, Integer.MAX_VALUE);
    }

    /** Optional, from a query: the size of a page. */
    int pageSize() {
        return number(Field.PAGE_SIZE, Paging.USUAL_SIZE, Paging.MAX_SIZE);
    }

    /** Optional, from a query: a number from 1. */
    private int number(Field field, int usual, int most) {
        Optional<String> text = queryText(field);
        if (text.isEmpty()) {
            return usual;
        }
        if (!INTEGER.matcher(text.get()).matches()) {
            violated(field, Violation.Code.INVALID);
            return usual;
        }
        BigInteger number = new BigInteger(text.get());
        if (number.signum() < 1 || number.compareTo(BigInteger.valueOf(most)) > 0) {
            violated(field, Violation.Code.OUT_OF_RANGE);
            return usual;
        }
        return number.intValueExact();
    }

    /** Optional, from a query: the name of an audit event; also empty if there is no such event. */
    Optional<AuditEvent> event() {
        Optional<String> text = queryText(Field.EVENT);
        for (AuditEvent known : AuditEvent.values()) {
            if (text.isPresent() && known.name().toLowerCase(Locale.ROOT).equals(text.get())) {
                return Optional.of(known);
            }
        }
        return Optional.empty();
    }

    /** Optional, from a query: a key id; also empty if it is none. */
    Optional<UUID> key() {
        return queryText(Field.KEY).flatMap(FieldChecks::keyId);
    }

    /** A key id in the form of RFC 9562, in either case; empty for anything else. */
    static Optional<UUID> keyId(String text) {
        try {
            // The JDK also accepts shortened forms and digits of other scripts. Only the canonical form is an id.
            return Optional.of(UUID.fromString(text)).filter(id -> id.toString().equals(text.toLowerCase(Locale.ROOT)));
        } catch (IllegalArgumentException noId) {
            return Optional.empty();
        }
    }

    void violated(Field field, Violation.Code code) {
        violations.add(new Violation(field, code, shown(input.get(field)), input.source(), null));
    }

    /** Optional, from a query: what was sent. */
    Optional<String> queryText(Field field) {
        return Optional.ofNullable(input.get(field)).map(Object::toString);
    }

    private static String shown(@Nullable Object value) {
        return value == null || value instanceof List ? "" : value.toString();
    }
}
