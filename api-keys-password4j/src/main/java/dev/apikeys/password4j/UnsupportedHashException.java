package dev.apikeys.password4j;

/** A stored hash that isn't read. The reason shows nothing of salt and hash, unlike those of Password4j. */
final class UnsupportedHashException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String reason;

    UnsupportedHashException(String reason) {
        super(reason);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
