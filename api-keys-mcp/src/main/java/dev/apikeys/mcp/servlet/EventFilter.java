package dev.apikeys.mcp.servlet;

import dev.apikeys.servlet.internal.ByteBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Filters the messages in an event stream (HTML Living Standard, section 9.2), however its bytes are cut into pieces. An
 * event goes on when it is complete; one that never ends does not. Comments, ids and the rest stay; the data of a changed
 * event is written on one line where it has no line ends.
 *
 * <p>Not thread-safe.
 */
final class EventFilter {
    private static final byte[] DATA = ascii("data");
    private static final byte[] EVENT = ascii("event");
    private static final byte[] MESSAGE = ascii("message");
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final ListFilter lists;
    private final int maxLength;
    private final ByteBuilder out = new ByteBuilder();
    private final ByteBuilder otherFields = new ByteBuilder();
    private final ByteBuilder filtered = new ByteBuilder();
    private ByteBuilder line = new ByteBuilder();
    private ByteBuilder data = new ByteBuilder();
    private int dataStart;
    private boolean hasData;
    private boolean severalLines;
    private boolean isMessage = true;
    private boolean afterCarriageReturn;
    private boolean atStart = true;

    /**
     * A filter for one stream.
     *
     * @param maxLength of an event, in bytes
     */
    EventFilter(ListFilter lists, int maxLength) {
        this.lists = lists;
        this.maxLength = maxLength;
    }

    /** An event of its own. */
    static byte[] message(String json) {
        return ("event: message\ndata: " + json + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Takes the next piece, and gives what of the stream may go on now; often nothing. It is good until the next call.
     *
     * @throws IOException when an event is too long
     */
    ByteBuilder accept(byte[] piece, int offset, int length) throws IOException {
        out.reset();
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
                endOfLine();
            }
            from = i + 1;
            afterCarriageReturn = c == '\r';
        }
        afterCarriageReturn &= from == end;
        line.write(piece, from, end - from);
        if (line.size() + data.size() + otherFields.size() > maxLength) {
            throw new IOException("an event of the server is too long to be checked");
        }
        return out;
    }

    private void endOfLine() {
        int start = 0;
        if (atStart) {
            atStart = false;
            start = startsWith(0, BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
        }
        if (line.size() == start) {
            endOfEvent();
        } else if (line.array()[start] == ':') {
            // A sign of life, which must not wait.
            writeLine(out, start);
        } else {
            field(start);
        }
        line.reset();
    }

    private void field(int start) {
        if (isField(start, DATA)) {
            addData(valueStart(start + DATA.length));
            return;
        }
        if (isField(start, EVENT)) {
            int value = valueStart(start + EVENT.length);
            isMessage = value == line.size() || (startsWith(value, MESSAGE) && value + MESSAGE.length == line.size());
        }
        writeLine(otherFields, start);
    }

    /** Takes the line as it lies when it is the first. */
    private void addData(int start) {
        if (hasData) {
            severalLines = true;
            data.write('\n');
            data.write(line.array(), start, line.size() - start);
        } else {
            ByteBuilder free = data;
            data = line;
            dataStart = start;
            line = free;
        }
        hasData = true;
    }

    private boolean isField(int start, byte[] name) {
        int end = start + name.length;
        return startsWith(start, name) && (end == line.size() || line.array()[end] == ':');
    }

    /** Behind the colon and one blank. */
    private int valueStart(int nameEnd) {
        int start = Math.min(nameEnd + 1, line.size());
        return start < line.size() && line.array()[start] == ' ' ? start + 1 : start;
    }

    private void endOfEvent() {
        if (!hasData) {
            out.write(otherFields.array(), 0, otherFields.size());
            out.write('\n');
        } else if (filter()) {
            out.write(otherFields.array(), 0, otherFields.size());
            writeData();
            out.write('\n');
        }
        data.reset();
        otherFields.reset();
        hasData = false;
        severalLines = false;
        isMessage = true;
    }

    /** False for what a client would take for a message, though nobody can tell what it holds. */
    private boolean filter() {
        filtered.reset();
        int length = data.size() - dataStart;
        if (length == 0) {
            return true;
        }
        try {
            lists.apply(data.array(), dataStart, length, filtered);
            return true;
        } catch (IOException notJson) {
            filtered.write(data.array(), dataStart, length);
            return !isMessage;
        }
    }

    private void writeData() {
        byte[] text = filtered.array();
        int length = filtered.size();
        int from = 0;
        for (int i = severalLines ? 0 : length; i <= length; i++) {
            if (i == length || text[i] == '\n') {
                out.writeBytes(DATA);
                out.write(':');
                out.write(' ');
                out.write(text, from, i - from);
                out.write('\n');
                from = i + 1;
            }
        }
    }

    private void writeLine(ByteBuilder to, int start) {
        to.write(line.array(), start, line.size() - start);
        to.write('\n');
    }

    private boolean startsWith(int start, byte[] text) {
        int end = start + text.length;
        return end <= line.size() && Arrays.equals(line.array(), start, end, text, 0, text.length);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
