package dev.apikeys.management;

import dev.apikeys.ApiKey;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeyOrder;
import dev.apikeys.KeyService;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Reads which keys a list is asked for: a page, a search, a status, an owner, an order. Any of these makes the list a page.
 *
 * <p>Immutable and thread-safe.
 *
 * @param now the present time
 * @param spelling how the family writes the words for orders
 * @param nonsense what happens to values that make no sense
 * @param pages whether a list without any of these fields is a page, too
 * @param revoked whether revoked keys are shown without being asked for
 */
record ListReader(Supplier<Instant> now, Spelling spelling, Nonsense nonsense, Pages pages, Revoked revoked) {
    /** What can be asked of the list of one owner. */
    static final List<Field> FIELDS =
            List.of(Field.PAGE, Field.PAGE_SIZE, Field.SEARCH, Field.STATUS, Field.SORT_BY, Field.SORT_DIRECTION);

    /** What can be asked of the list of everybody's keys. */
    static final List<Field> FIELDS_WITH_OWNER =
            Stream.concat(FIELDS.stream(), Stream.of(Field.OWNER)).toList();

    /** What happens to a value that makes no sense. */
    enum Nonsense {
        /** It falls back to the default; where a filter makes no sense, nothing matches. */
        REPLACED,
        /** It is a violation. */
        REFUSED
    }

    /** When a list is a page. */
    enum Pages {
        ON_REQUEST,
        ALWAYS
    }

    /** When revoked keys are shown. */
    enum Revoked {
        ALWAYS,
        /** Only if their status is asked for. */
        ON_REQUEST
    }

    static ListReader personal(KeyService keys) {
        return new ListReader(keys::now, Spelling.SNAKE, Nonsense.REPLACED, Pages.ON_REQUEST, Revoked.ALWAYS);
    }

    static ListReader workspace(KeyService keys) {
        return new ListReader(keys::now, Spelling.SNAKE, Nonsense.REFUSED, Pages.ON_REQUEST, Revoked.ALWAYS);
    }

    static ListReader tenant(KeyService keys) {
        return new ListReader(keys::now, Spelling.CAMEL, Nonsense.REFUSED, Pages.ON_REQUEST, Revoked.ON_REQUEST);
    }

    static ListReader administration(KeyService keys) {
        return new ListReader(keys::now, Spelling.CAMEL, Nonsense.REFUSED, Pages.ALWAYS, Revoked.ON_REQUEST);
    }

    /**
     * What is asked for.
     *
     * @param filter empty if no key can match
     * @param paging empty if no page is asked for
     */
    record Wanted(Optional<KeyFilter> filter, Optional<Paging> paging) {}

    /** Reads the fields, and notes violations. */
    Wanted read(FieldChecks checks, KeyFilter visible) {
        boolean asked = pages == Pages.ALWAYS || FIELDS_WITH_OWNER.stream().anyMatch(checks::has);
        Paging paging = (nonsense == Nonsense.REPLACED ? Paging.lenientOrUsual(checks) : Paging.strictOrFirst(checks))
                .in(order(checks));
        Optional<KeyFilter> filter =
                withStatus(checks, ofOwner(checks, visible)).flatMap(found -> search(checks, found));
        return new Wanted(filter, asked ? Optional.of(paging) : Optional.empty());
    }

    private KeyFilter ofOwner(FieldChecks checks, KeyFilter visible) {
        return !isOneText(checks, Field.OWNER)
                ? visible
                : checks.queryText(Field.OWNER).map(visible::concerning).orElse(visible);
    }

    private Optional<KeyFilter> search(FieldChecks checks, KeyFilter filter) {
        if (!isOneText(checks, Field.SEARCH)) {
            return Optional.empty();
        }
        boolean tooLong = checks.queryText(Field.SEARCH)
                .filter(text -> text.length() > KeyFilter.MAX_SEARCH_LENGTH)
                .isPresent();
        return tooLong && nonsense == Nonsense.REPLACED ? Optional.empty() : Optional.of(checks.searching(filter));
    }

    /** A parameter that is sent twice is no text. */
    private boolean isOneText(FieldChecks checks, Field field) {
        boolean several = checks.value(field) instanceof List;
        if (several && nonsense == Nonsense.REFUSED) {
            checks.violated(field, Violation.Code.INVALID);
        }
        return !several;
    }

    private Optional<KeyFilter> withStatus(FieldChecks checks, KeyFilter filter) {
        if (!checks.has(Field.STATUS)) {
            return Optional.of(revoked == Revoked.ALWAYS ? filter : filter.unrevoked());
        }
        Optional<ApiKey.Status> status = word(checks, Field.STATUS, ApiKey.Status.values());
        return status.map(wanted -> filter.status(wanted, now.get()));
    }

    private KeyOrder order(FieldChecks checks) {
        KeyOrder.By by = word(checks, Field.SORT_BY, KeyOrder.By.values()).orElse(KeyOrder.By.CREATED_AT);
        KeyOrder.Direction usual = switch (by) {
            case CREATED_AT, LAST_USED_AT -> KeyOrder.Direction.DESC;
            case NAME, EXPIRES_AT -> KeyOrder.Direction.ASC;
        };
        return new KeyOrder(
                by,
                word(checks, Field.SORT_DIRECTION, KeyOrder.Direction.values()).orElse(usual));
    }

    private <E extends Enum<E>> Optional<E> word(FieldChecks checks, Field field, E[] all) {
        Optional<String> sent = checks.queryText(field);
        Optional<E> known = sent.flatMap(word -> Arrays.stream(all)
                .filter(one -> spelling.word(one).equals(word))
                .findFirst());
        if (sent.isPresent() && known.isEmpty() && nonsense == Nonsense.REFUSED) {
            checks.violated(field, Violation.Code.INVALID);
        }
        return known;
    }
}
