package dev.apikeys.servlet.internal;

import java.io.ByteArrayOutputStream;

/**
 * Bytes that are collected and then read where they lie: answers may be a mebibyte long, and each copy costs.
 *
 * <p>Not thread-safe.
 */
public final class ByteBuilder extends ByteArrayOutputStream {
    private static final int FIRST_LENGTH = 8 * 1024;

    public ByteBuilder() {
        super(FIRST_LENGTH);
    }

    /** What was written, from the first place on, {@link #size()} bytes; good until the next write. */
    public byte[] array() {
        return buf;
    }
}
