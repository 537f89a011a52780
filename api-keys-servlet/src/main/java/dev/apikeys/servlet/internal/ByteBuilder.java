package dev.apikeys.servlet.internal;

import java.io.ByteArrayOutputStream;

/**
 * Collects bytes, and gives them without a copy. Answers may be one mebibyte long, so each copy is expensive.
 *
 * <p>Not thread-safe.
 */
public final class ByteBuilder extends ByteArrayOutputStream {
    private static final int FIRST_LENGTH = 8 * 1024;

    public ByteBuilder() {
        super(FIRST_LENGTH);
    }

    /** The array with the first {@link #size()} bytes written. Valid until the next write. */
    public byte[] array() {
        return buf;
    }
}
