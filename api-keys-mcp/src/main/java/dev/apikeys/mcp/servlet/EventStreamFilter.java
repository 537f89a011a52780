package dev.apikeys.mcp.servlet;

import dev.apikeys.servlet.internal.ByteBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Filters the messages in an event stream (HTML Living Standard, section 9.2), however its bytes are cut into pieces. An
 * event goes on when it is complete; one that never ends does not. Comments, names, ids and retry times stay; the data of a
 * changed event is written on one line where it has no line ends. Every other field, which clients ignore, is dropped: as
 * the first line of the stream, behind a byte order mark, it could be read as another one.
 *
 * <p>Not thread-safe.
 */
final class EventStreamFilter {
    private static final byte[] DATA = ascii("data");
    private static final byte[] EVENT = ascii("event");
    private static final byte[] ID = ascii("id");
    private static final byte[] RETRY = ascii("retry");
    private static final byte[] MESSAGE = ascii("message");
    private static final byte[] ENDPOINT = ascii("endpoint");

    private final ResultFilter results;
    private final int maxLength;
    private final LineSplitter splitter = new LineSplitter();
    private final ByteBuilder out = new ByteBuilder();
    private final ByteBuilder otherFields = new ByteBuilder();
    private final ByteBuilder filtered = new ByteBuilder();
    private final EventData data = new EventData();
    private Kind kind = Kind.MESSAGE;

    /** What a client takes an event for, by its name. */
    private enum Kind {
        MESSAGE,
        ENDPOINT,
        OTHER,
        /** Nothing of it goes on, nor of what follows. */
        TOO_LONG
    }

    /**
     * A filter for one stream.
     *
     * @param maxLength of an event, in bytes
     */
    EventStreamFilter(ResultFilter results, int maxLength) {
        this.results = results;
        this.maxLength = maxLength;
    }

    /** An event of its own. */
    static byte[] message(String json) {
        return ("event: message\ndata: " + json + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Takes the next piece, and gives what of the stream may go on now; often nothing. It is good until the next call.
     *
     * @throws IOException when an event is too long, and from then on: nothing more is taken
     */
    ByteBuilder accept(byte[] piece, int offset, int length) throws IOException {
        out.reset();
        if (kind != Kind.TOO_LONG) {
            splitter.accept(piece, offset, length, this::line);
        }
        if (isTooLong(splitter.pending())) {
            throw new IOException("an event of the server is too long to be checked");
        }
        return out;
    }

    private boolean isTooLong(int line) {
        if (line + data.size() + otherFields.size() > maxLength) {
            kind = Kind.TOO_LONG;
        }
        return kind == Kind.TOO_LONG;
    }

    private void line(ByteBuilder line, int start) {
        if (isTooLong(line.size())) {
            return;
        }
        if (line.size() == start) {
            endOfEvent();
        } else if (line.array()[start] == ':') {
            // A sign of life, which must not wait.
            writeLine(out, line, start);
        } else if (isField(line, start, DATA)) {
            if (data.add(line, valueStart(line, start + DATA.length))) {
                splitter.replaceLine(data.takeFree());
            }
        } else if (isField(line, start, EVENT)) {
            kind = kind(line, valueStart(line, start + EVENT.length));
            writeLine(otherFields, line, start);
        } else if (isField(line, start, ID) || isField(line, start, RETRY)) {
            writeLine(otherFields, line, start);
        }
    }

    private static boolean isField(ByteBuilder line, int start, byte[] name) {
        int end = start + name.length;
        return startsWith(line, start, name) && (end == line.size() || line.array()[end] == ':');
    }

    /** Behind the colon and one blank. */
    private static int valueStart(ByteBuilder line, int nameEnd) {
        int start = Math.min(nameEnd + 1, line.size());
        return start < line.size() && line.array()[start] == ' ' ? start + 1 : start;
    }

    /** An event without a name is a message too. */
    private static Kind kind(ByteBuilder line, int start) {
        if (start == line.size() || isRest(line, start, MESSAGE)) {
            return Kind.MESSAGE;
        }
        return isRest(line, start, ENDPOINT) ? Kind.ENDPOINT : Kind.OTHER;
    }

    private static boolean isRest(ByteBuilder line, int start, byte[] text) {
        return startsWith(line, start, text) && start + text.length == line.size();
    }

    private void endOfEvent() {
        if (data.isAbsent()) {
            out.write(otherFields.array(), 0, otherFields.size());
            out.write('\n');
        } else if (filter()) {
            if (kind == Kind.ENDPOINT) {
                results.endpoint(new String(data.array(), data.start(), data.length(), StandardCharsets.UTF_8));
            }
            out.write(otherFields.array(), 0, otherFields.size());
            data.writeLines(filtered, out);
            out.write('\n');
        }
        data.reset();
        otherFields.reset();
        kind = Kind.MESSAGE;
    }

    /** False for what a client would take for a message, though nobody can tell what it holds. */
    private boolean filter() {
        filtered.reset();
        if (data.length() == 0) {
            return true;
        }
        try {
            results.apply(data.array(), data.start(), data.length(), filtered);
            return true;
        } catch (IOException notJson) {
            filtered.write(data.array(), data.start(), data.length());
            return kind != Kind.MESSAGE;
        }
    }

    private static void writeLine(ByteBuilder to, ByteBuilder line, int start) {
        to.write(line.array(), start, line.size() - start);
        to.write('\n');
    }

    private static boolean startsWith(ByteBuilder line, int start, byte[] text) {
        int end = start + text.length;
        return end <= line.size() && Arrays.equals(line.array(), start, end, text, 0, text.length);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The data of one event. Its first line is taken as it lies, since most events have only one, and it may be long. */
    private static final class EventData {
        private ByteBuilder bytes = new ByteBuilder();
        private ByteBuilder free = new ByteBuilder();
        private int start;
        private boolean isPresent;
        private boolean hasSeveralLines;

        /** Adds a line; true when it keeps the line's bytes, so that the caller has to take {@linkplain #takeFree others}. */
        boolean add(ByteBuilder line, int valueStart) {
            if (isPresent) {
                hasSeveralLines = true;
                bytes.write('\n');
                bytes.write(line.array(), valueStart, line.size() - valueStart);
                return false;
            }
            free = bytes;
            bytes = line;
            start = valueStart;
            isPresent = true;
            return true;
        }

        ByteBuilder takeFree() {
            return free;
        }

        boolean isAbsent() {
            return !isPresent;
        }

        byte[] array() {
            return bytes.array();
        }

        int start() {
            return start;
        }

        int length() {
            return bytes.size() - start;
        }

        int size() {
            return bytes.size();
        }

        /** Writes the text as the event's data, on as many lines as it had. */
        void writeLines(ByteBuilder text, ByteBuilder out) {
            int from = 0;
            for (int i = hasSeveralLines ? 0 : text.size(); i <= text.size(); i++) {
                if (i == text.size() || text.array()[i] == '\n') {
                    out.writeBytes(DATA);
                    out.write(':');
                    out.write(' ');
                    out.write(text.array(), from, i - from);
                    out.write('\n');
                    from = i + 1;
                }
            }
        }

        void reset() {
            bytes.reset();
            start = 0;
            isPresent = false;
            hasSeveralLines = false;
        }
    }
}
