package dev.apikeys.mcp.servlet;

import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/**
 * Encodes what is written piece by piece, and each piece in one go: the JDK's own writer does it eight kilobytes at a time,
 * which is a good part of what a long list costs.
 *
 * <p>Not thread-safe.
 */
final class Utf8Writer extends Writer {
    private static final char NONE = 0;

    private final OutputStream out;
    /** The first half of a character whose second half is still to come. */
    private char half = NONE;

    Utf8Writer(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(char[] text, int offset, int length) throws IOException {
        encode(new String(text, offset, length));
    }

    @Override
    public void write(String text, int offset, int length) throws IOException {
        encode(text.substring(offset, offset + length));
    }

    private void encode(String piece) throws IOException {
        if (piece.isEmpty()) {
            return;
        }
        String text = half == NONE ? piece : half + piece;
        int last = text.length() - 1;
        half = Character.isHighSurrogate(text.charAt(last)) ? text.charAt(last) : NONE;
        out.write((half == NONE ? text : text.substring(0, last)).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        if (half != NONE) {
            half = NONE;
            out.write('?');
        }
        out.close();
    }
}
