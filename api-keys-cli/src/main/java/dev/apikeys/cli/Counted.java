package dev.apikeys.cli;

import dev.apikeys.Page;

/** Numbers of things, in words. */
final class Counted {
    private Counted() {}

    static String keys(long count) {
        return count + (count == 1 ? " key" : " keys");
    }

    /** All keys of the list. */
    static String keys(Page<?> page) {
        return about(page) + keys(page.total());
    }

    /** All entries of the list. */
    static String entries(Page<?> page) {
        return about(page) + page.total() + " entries";
    }

    private static String about(Page<?> page) {
        return page.isEstimated() ? "about " : "";
    }
}
