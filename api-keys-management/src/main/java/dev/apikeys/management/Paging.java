package dev.apikeys.management;

import dev.apikeys.PageRequest;
import java.util.Optional;

/**
 * Which page of a list is asked for.
 *
 * @param page its number, from 1
 * @param size how much a page holds
 */
record Paging(int page, int size) {
    static final int USUAL_SIZE = 20;
    static final int MAX_SIZE = 100;

    /** Asked for by either field, whatever it holds; what makes no sense there is replaced. */
    static Optional<Paging> lenient(FieldChecks checks) {
        return isAskedFor(checks) ? Optional.of(lenientOrUsual(checks)) : Optional.empty();
    }

    /** A number that makes no sense becomes the usual one; a page that would be too large, the largest. */
    static Paging lenientOrUsual(FieldChecks checks) {
        int size = Math.min(number(checks, Field.PAGE_SIZE, USUAL_SIZE), MAX_SIZE);
        return new Paging(number(checks, Field.PAGE, 1), size);
    }

    /** Asked for by either field; what is wrong in it is noted. */
    static Optional<Paging> strict(FieldChecks checks) {
        return isAskedFor(checks) ? Optional.of(strictOrFirst(checks)) : Optional.empty();
    }

    /** The first page unless another is asked for; what is wrong is noted. */
    static Paging strictOrFirst(FieldChecks checks) {
        return new Paging(checks.page(), checks.pageSize());
    }

    /** The same page, for the core. */
    PageRequest request() {
        return PageRequest.page(page, size);
    }

    private static boolean isAskedFor(FieldChecks checks) {
        return checks.has(Field.PAGE) || checks.has(Field.PAGE_SIZE);
    }

    private static int number(FieldChecks checks, Field field, int usual) {
        try {
            int number = Integer.parseInt(String.valueOf(checks.value(field)));
            return number < 1 ? usual : number;
        } catch (NumberFormatException noNumber) {
            return usual;
        }
    }
}
