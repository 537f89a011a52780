package dev.apikeys.spring;

import org.jspecify.annotations.Nullable;

/**
 * A property, or the lack of one, with which API keys can't start. Explained by a failure analyser.
 *
 * <p>Immutable and thread-safe.
 */
public final class InvalidSettingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String property;

    InvalidSettingException(String property, @Nullable String reason) {
        super(property + ": " + reason);
        this.property = property;
    }

    /** The full name of the property. */
    public String property() {
        return property;
    }
}
