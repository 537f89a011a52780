package dev.apikeys.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines of UTF-8 that end with LF or CRLF, as editors count them. One that is too long or no UTF-8 says so when its
 * text is asked for; the lines behind it are not touched. Not thread-safe.
 */
final class LineReader implements AutoCloseable {
    /** Longer than any key; so a file without line breaks takes no more memory than this. */
    static final int LONGEST = 1 << 20;

    private static final int BLOCK = 1 << 16;
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final InputStream in;
    private final byte[] block = new byte[BLOCK];
    private int next;
    private int end;
    private boolean isFirst = true;

    /**
     * A line.
     *
     * @param content without the line break; empty if it could not be read
     * @param flaw why it could not be read; null if it could
     */
    record TextLine(String content, @Nullable String flaw) {
        /**
         * The text.
         *
         * @throws IllegalArgumentException when it could not be read
         */
        String text() {
            if (flaw != null) {
                throw new IllegalArgumentException(flaw);
            }
            return content;
        }
    }

    LineReader(InputStream in) {
        this.in = in;
    }

    /** The next line; null at the end of the file. */
    @Nullable
    TextLine read() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        long length = 0;
        while (fill()) {
            int start = next;
            while (next < end && block[next] != '\n') {
                next++;
            }
            line.write(block, start, Math.min(next - start, LONGEST + 1 - line.size()));
            length += next - start;
            if (next < end) {
                next++;
                return line(line, length);
            }
        }
        return length == 0 ? null : line(line, length);
    }

    /** Tells whether there is anything left to read. */
    private boolean fill() throws IOException {
        if (next == end) {
            end = Math.max(0, in.read(block));
            next = 0;
        }
        return end > 0;
    }

    private TextLine line(ByteArrayOutputStream bytes, long length) {
        if (length > LONGEST) {
            return new TextLine("", "the line is longer than " + LONGEST + " bytes");
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
            int start = isFirst && !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? 1 : 0;
            isFirst = false;
            return new TextLine(text.substring(start, text.length() - (text.endsWith("\r") ? 1 : 0)), null);
        } catch (CharacterCodingException broken) {
            return new TextLine("", "the line is not UTF-8");
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
