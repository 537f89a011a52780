package dev.apikeys.mcp.servlet;

import dev.apikeys.mcp.servlet.Decision.Expected;
import dev.apikeys.servlet.internal.ByteBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a server writes as its answer, and what becomes of it: filtered, and with the guard's own answers for the rest of a
 * batch. What can't be checked doesn't go on, nor does what a server says when it fails, unless that is JSON-RPC.
 *
 * <p>Not thread-safe.
 */
final class ResponseBody {
    private static final byte[] NOTHING = new byte[0];

    private final ResultFilter results;
    private final Expected expected;
    private final int maxLength;
    /** What waits; null for the many answers of which nothing has to. */
    private @Nullable ByteBuilder kept;

    private @Nullable EventStreamFilter events;
    private boolean hasBegun;
    private boolean isRefused;

    ResponseBody(RequestPolicy policy, Expected expected, int maxLength) {
        this.results = new ResultFilter(policy);
        this.expected = expected;
        this.maxLength = maxLength;
    }

    /**
     * A whole answer.
     *
     * @param body as many of its first bytes as {@code length} says
     * @param source whose it is
     */
    // Written at once, and by nobody else.
    @SuppressWarnings("ArrayRecordComponent")
    record Whole(int status, byte[] body, int length, Source source) {
        Whole(int status, byte[] body, Source source) {
            this(status, body, body.length, source);
        }
    }

    /** Whose an answer is. */
    enum Source {
        /** At least in part the server's. */
        SERVER,
        /** Nothing in it is the server's. */
        GUARD
    }

    /** Tells whether answers of a server that didn't fail have to be read. */
    boolean isRead() {
        return expected.isRead();
    }

    /** Holds a piece of JSON back until all of it is there. */
    void keep(byte[] bytes, int offset, int length) {
        if (length == 0) {
            return;
        }
        ByteBuilder waiting = kept == null ? new ByteBuilder() : kept;
        if (isRefused || waiting.size() + (long) length > maxLength) {
            refuse();
        } else {
            waiting.write(bytes, offset, length);
            kept = waiting;
        }
    }

    /** Lets nothing of the answer go on. */
    void refuse() {
        isRefused = true;
        kept = null;
    }

    void clear() {
        kept = null;
        events = null;
        hasBegun = false;
        isRefused = false;
    }

    /** Tells whether an event stream can't be checked and nothing of it has gone on, so that an error can take its place. */
    boolean isStreamRefused() {
        return isRefused && !hasBegun;
    }

    /**
     * What of an event stream can go on after this piece; before the first one, the guard's own answers. Good until the next
     * call.
     */
    ByteBuilder events(byte[] bytes, int offset, int length) throws IOException {
        try {
            EventStreamFilter stream = events;
            ByteBuilder filtered =
                    stream == null ? firstEvents(bytes, offset, length) : stream.accept(bytes, offset, length);
            hasBegun |= filtered.size() > 0;
            return filtered;
        } catch (IOException tooLong) {
            refuse();
            throw tooLong;
        }
    }

    /** The guard's own answers instead of an event stream that the server never began; nothing behind one. */
    ByteBuilder endOfEvents() throws IOException {
        return events == null ? events(NOTHING, 0, 0) : new ByteBuilder();
    }

    private ByteBuilder firstEvents(byte[] bytes, int offset, int length) throws IOException {
        EventStreamFilter stream = new EventStreamFilter(results, maxLength);
        events = stream;
        ByteBuilder first = new ByteBuilder();
        expected.answers().forEach(answer -> first.writeBytes(EventStreamFilter.message(answer)));
        ByteBuilder begun = stream.accept(bytes, offset, length);
        first.write(begun.array(), 0, begun.size());
        return first;
    }

    /** What was kept, filtered and with the guard's own answers. */
    Whole whole(int status) {
        ByteBuilder waiting = kept;
        if (waiting == null && !isRefused) {
            return expected.answers().isEmpty()
                    ? new Whole(status, NOTHING, Source.SERVER)
                    : new Whole(
                            status < 300 ? 200 : status, utf8(JsonRpcError.batch(expected.answers())), Source.GUARD);
        }
        if (waiting == null || (status >= 400 && !ErrorBody.isJsonRpc(waiting.array(), waiting.size()))) {
            return error(status);
        }
        try {
            ByteBuilder out = results.apply(waiting);
            return expected.answers().isEmpty()
                    ? new Whole(status, out.array(), out.size(), Source.SERVER)
                    : new Whole(status, withAnswers(out.toByteArray()), Source.SERVER);
        } catch (IOException notJson) {
            return error(status);
        }
    }

    private Whole error(int status) {
        String message = status < 400
                ? "the server's answer can't be checked, so it isn't passed on"
                : "the server failed, and what it said is no JSON-RPC, so it isn't passed on";
        JsonRpcError error = JsonRpcError.of(expected.id(), JsonRpcError.INTERNAL, message);
        return new Whole(status < 400 ? 502 : status, utf8(error.toJson()), Source.GUARD);
    }

    /** Joins the guard's answers to the server's, be they a batch or, against the rules, one alone. */
    private byte[] withAnswers(byte[] json) {
        String servers = new String(json, StandardCharsets.UTF_8).strip();
        if (servers.startsWith("[")) {
            servers = servers.substring(1, servers.length() - 1).strip();
        }
        String ours = String.join(",", expected.answers());
        return utf8("[" + (servers.isEmpty() ? ours : servers + "," + ours) + "]");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
