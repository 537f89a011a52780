package dev.apikeys.cli;

/** Numbers of things, in words. */
final class Counted {
    private Counted() {}

    static String keys(long count) {
        return count + (count == 1 ? " key" : " keys");
    }
}
