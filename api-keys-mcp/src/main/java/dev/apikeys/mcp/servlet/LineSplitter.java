package dev.apikeys.mcp.servlet;

import dev.apikeys.servlet.internal.ByteBuilder;
import java.util.Arrays;

/**
 * Cuts an event stream into lines, however its bytes come: a line ends with CR, LF or both. A byte order mark before the
 * first line is dropped.
 *
 * <p>Not thread-safe.
 */
final class LineSplitter {
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private ByteBuilder line = new ByteBuilder();
    private boolean afterCarriageReturn;
    private boolean atStart = true;

    /** Is told of each line. */
    interface Lines {
        /** A line: the bytes from {@code start} on, good until the call returns. */
        void line(ByteBuilder bytes, int start);
    }

    /** Takes the next piece. */
    void accept(byte[] piece, int offset, int length, Lines lines) {
        int from = offset;
        int end = offset + length;
        for (int i = offset; i < end; i++) {
            byte c = piece[i];
            if (c > '\r' || (c != '\n' && c != '\r')) {
                continue;
            }
            boolean secondHalf = c == '\n' && afterCarriageReturn && from == i;
            if (!secondHalf) {
                line.write(piece, from, i - from);
                lines.line(line, start());
                line.reset();
            }
            from = i + 1;
            afterCarriageReturn = c == '\r';
        }
        afterCarriageReturn &= from == end;
        line.write(piece, from, end - from);
    }

    private int start() {
        if (!atStart) {
            return 0;
        }
        atStart = false;
        int mark = BYTE_ORDER_MARK.length;
        boolean hasMark = line.size() >= mark && Arrays.equals(line.array(), 0, mark, BYTE_ORDER_MARK, 0, mark);
        return hasMark ? mark : 0;
    }

    /** Keeps the bytes of the present line from being used again, and goes on with others. */
    void replaceLine(ByteBuilder free) {
        line = free;
    }

    /** How much of an unfinished line there is. */
    int pending() {
        return line.size();
    }
}
