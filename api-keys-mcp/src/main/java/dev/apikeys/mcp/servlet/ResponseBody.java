package dev.apikeys.mcp.servlet;

import dev.apikeys.servlet.internal.ByteBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a server writes as its answer, and what becomes of it: filtered, and with the errors of the denied part of a batch.
 * What can't be checked doesn't go on.
 *
 * <p>Not thread-safe.
 */
final class ResponseBody {
    private static final byte[] NOTHING = new byte[0];

    private final ResultFilter lists;
    private final List<String> errors;
    private final int maxLength;
    private final ByteBuilder kept = new ByteBuilder();
    private @Nullable EventStreamFilter events;
    private boolean unchecked;

    ResponseBody(RequestPolicy policy, List<String> errors, int maxLength) {
        this.lists = new ResultFilter(policy);
        this.errors = errors;
        this.maxLength = maxLength;
    }

    /** A whole answer. */
    static final class Whole {
        private final int status;
        private final byte[] body;
        private final int length;
        private final Source source;

        Whole(int status, byte[] body, Source source) {
            this(status, body, body.length, source);
        }

        Whole(int status, byte[] body, int length, Source source) {
            this.status = status;
            this.body = body;
            this.length = length;
            this.source = source;
        }

        int status() {
            return status;
        }

        /** As many of its first bytes as {@link #length} says. */
        byte[] body() {
            return body;
        }

        int length() {
            return length;
        }

        /** Nothing in it is the server's. */
        boolean isOurs() {
            return source == Source.GUARD;
        }
    }

    private enum Source {
        SERVER,
        GUARD
    }

    /** Holds a piece of JSON back until all of it is there. */
    void keep(byte[] bytes, int offset, int length) {
        if (unchecked || kept.size() + (long) length > maxLength) {
            refuse();
        } else {
            kept.write(bytes, offset, length);
        }
    }

    /** Lets nothing of the answer go on, because it can't be read. */
    void refuse() {
        unchecked = true;
        kept.reset();
    }

    void clear() {
        kept.reset();
        unchecked = false;
    }

    /** What of an event stream can go on after this piece; before the first one, the errors. Good until the next call. */
    ByteBuilder events(byte[] bytes, int offset, int length) throws IOException {
        EventStreamFilter stream = events;
        if (stream != null) {
            return stream.accept(bytes, offset, length);
        }
        stream = new EventStreamFilter(lists, maxLength);
        events = stream;
        ByteBuilder first = new ByteBuilder();
        errors.forEach(error -> first.writeBytes(EventStreamFilter.message(error)));
        ByteBuilder begun = stream.accept(bytes, offset, length);
        first.write(begun.array(), 0, begun.size());
        return first;
    }

    /** What was kept, filtered and with the errors. */
    Whole whole(int status) {
        if (kept.size() == 0 && !unchecked) {
            return errors.isEmpty()
                    ? new Whole(status, NOTHING, Source.SERVER)
                    : new Whole(status < 300 ? 200 : status, utf8(JsonRpcError.batch(errors)), Source.GUARD);
        }
        try {
            if (!unchecked) {
                ByteBuilder out = new ByteBuilder();
                lists.apply(kept.array(), 0, kept.size(), out);
                return errors.isEmpty()
                        ? new Whole(status, out.array(), out.size(), Source.SERVER)
                        : new Whole(status, withErrors(out.toByteArray()), Source.SERVER);
            }
        } catch (IOException notJson) {
            unchecked = true;
        }
        JsonRpcError error = JsonRpcError.of(
                MessageId.NONE, JsonRpcError.INTERNAL, "the server's answer can't be checked, so it isn't passed on");
        return new Whole(status < 400 ? 502 : status, utf8(error.toJson()), Source.GUARD);
    }

    /** Joins our errors to the server's answers, be they a batch or, against the rules, one alone. */
    private byte[] withErrors(byte[] json) {
        String answers = new String(json, StandardCharsets.UTF_8).strip();
        if (answers.startsWith("[")) {
            answers = answers.substring(1, answers.length() - 1).strip();
        }
        String ours = String.join(",", errors);
        return utf8("[" + (answers.isEmpty() ? ours : answers + "," + ours) + "]");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
