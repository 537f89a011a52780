package dev.apikeys.management;

import dev.apikeys.KeyOrder;
import dev.apikeys.PageRequest;

/**
 * Which page of a list is asked for.
 *
 * @param page its number, from 1
 * @param size how much a page holds
 * @param order the order of the list
 */
record Paging(int page, int size, KeyOrder order) {
    static final int USUAL_SIZE = 20;
    static final int MAX_SIZE = 100;

    /** A number that makes no sense becomes the usual one; a page that would be too large, the largest. */
    static Paging lenientOrUsual(FieldChecks checks) {
        int size = Math.min(number(checks, Field.PAGE_SIZE, USUAL_SIZE), MAX_SIZE);
        return new Paging(number(checks, Field.PAGE, 1), size, KeyOrder.NEWEST_FIRST);
    }

    /** The first page unless another is asked for; what is wrong is noted. */
    static Paging strictOrFirst(FieldChecks checks) {
        return new Paging(checks.page(), checks.pageSize(), KeyOrder.NEWEST_FIRST);
    }

    /** The same page, for the core. */
    PageRequest request() {
        return PageRequest.page(page, size).in(order);
    }

    /** The same page of the list in this order. */
    Paging in(KeyOrder another) {
        return new Paging(page, size, another);
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
