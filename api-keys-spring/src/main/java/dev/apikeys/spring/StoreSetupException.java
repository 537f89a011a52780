package dev.apikeys.spring;

/**
 * The database is there, but the tables are not, or not as they have to be. Explained by a failure analyser.
 *
 * <p>Immutable and thread-safe.
 */
public final class StoreSetupException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoreSetupException(String message, Throwable cause) {
        super(message, cause);
    }
}
