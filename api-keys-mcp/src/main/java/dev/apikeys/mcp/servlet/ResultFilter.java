package dev.apikeys.mcp.servlet;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.apikeys.mcp.servlet.CallClassifier.AgentCall;
import dev.apikeys.servlet.internal.ByteBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes out of a server's answers what the key could not use: every result that has the shape of a list, whatever request
 * it answers. What stays is copied byte for byte; no tree is built.
 *
 * <p>Not thread-safe; one object for one answer.
 */
final class ResultFilter {
    private static final String PRIVATE = "\"private\"";

    private static final JsonFactory FACTORY = JsonFactory.builder()
            // An answer may hold one long text. What is deeper than the parser's 1,000 levels can't be checked.
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private final RequestPolicy policy;
    private final List<Edit> edits = new ArrayList<>();
    private byte[] source = new byte[0];
    private int sourceStart;

    ResultFilter(RequestPolicy policy) {
        this.policy = policy;
    }

    /** The bytes from here to there are replaced by a text, or by some of them with commas between. */
    private record Edit(int start, int end, String text, List<int[]> kept) {
        void writeTo(ByteBuilder out, byte[] json, int offset) {
            out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
            for (int i = 0; i < kept.size(); i++) {
                if (i > 0) {
                    out.write(',');
                }
                int[] range = kept.get(i);
                out.write(json, offset + range[0], range[1] - range[0]);
            }
        }
    }

    /** An event of the transport of revision 2024-11-05: where the client sends its messages, with its session. */
    void endpoint(String uri) {
        SessionQuery.idsInUri(uri).forEach(policy::sessionOpened);
    }

    /**
     * Writes the messages without what the key can't use.
     *
     * @param json one message, or an array of them
     * @throws IOException when it is no JSON, so that nobody can tell what it lists; then nothing is written
     */
    void apply(byte[] json, int offset, int length, ByteBuilder out) throws IOException {
        find(json, offset, length);
        write(json, offset, length, out);
    }

    /** The same for all of an answer, which is returned as it is if the key can use everything. */
    ByteBuilder apply(ByteBuilder answer) throws IOException {
        find(answer.array(), 0, answer.size());
        if (edits.isEmpty()) {
            return answer;
        }
        ByteBuilder out = new ByteBuilder();
        write(answer.array(), 0, answer.size(), out);
        return out;
    }

    /** Finds what has to change. */
    private void find(byte[] json, int offset, int length) throws IOException {
        edits.clear();
        source = json;
        sourceStart = offset;
        if (length > 1 && (json[offset] <= 0 || json[offset + 1] == 0)) {
            throw new IOException("not JSON in UTF-8 without a byte order mark");
        }
        try (JsonParser parser = FACTORY.createParser(json, offset, length)) {
            if (parser.nextToken() == JsonToken.START_ARRAY) {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    message(parser);
                }
            } else {
                message(parser);
            }
            if (parser.nextToken() != null) {
                throw new IOException("something stands behind the JSON value");
            }
        }
    }

    private void write(byte[] json, int offset, int length, ByteBuilder out) {
        int copied = 0;
        for (Edit edit : edits) {
            out.write(json, offset + copied, edit.start - copied);
            edit.writeTo(out, json, offset);
            copied = edit.end;
        }
        out.write(json, offset + copied, length - copied);
    }

    private void message(JsonParser parser) throws IOException {
        if (parser.currentToken() == null) {
            throw new IOException("no JSON value");
        }
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            boolean isResult = parser.currentName().equals("result");
            if (parser.nextToken() == JsonToken.START_OBJECT && isResult) {
                result(parser);
            } else {
                parser.skipChildren();
            }
        }
    }

    private void result(JsonParser parser) throws IOException {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String field = parser.currentName();
            parser.nextToken();
            ListKind.Entry kind = ListKind.entryIn(field);
            if (kind != null) {
                list(parser, kind);
            } else if (field.equals("capabilities")) {
                capabilities(parser);
            } else if (field.equals("supportedVersions")) {
                supportedVersions(parser);
            } else if (field.equals("cacheScope")) {
                keepPrivate(parser);
            } else {
                parser.skipChildren();
            }
        }
    }

    private void supportedVersions(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            parser.skipChildren();
            return;
        }
        List<String> revisions = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() == JsonToken.VALUE_STRING) {
                revisions.add(parser.getText());
            }
            parser.skipChildren();
        }
        policy.serverSupports(revisions);
    }

    private void capabilities(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        int start = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        int end = (int) parser.currentLocation().getByteOffset();
        String cut = Capabilities.cut(source, sourceStart + start, end - start, policy.policy());
        if (cut != null) {
            edits.add(new Edit(start, end, cut, List.of()));
        }
    }

    /** What was filtered for one key must not be shown to another by a cache between. */
    private void keepPrivate(JsonParser parser) throws IOException {
        int start = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        parser.finishToken();
        edits.add(new Edit(start, (int) parser.currentLocation().getByteOffset(), PRIVATE, List.of()));
    }

    private void list(JsonParser parser, ListKind.Entry kind) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            parser.skipChildren();
            return;
        }
        int start = (int) parser.currentLocation().getByteOffset();
        List<int[]> kept = new ArrayList<>();
        int listed = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            int from = (int) parser.currentTokenLocation().getByteOffset();
            listed++;
            if (isUsable(parser, kind)) {
                kept.add(new int[] {from, (int) parser.currentLocation().getByteOffset()});
            }
        }
        if (kept.size() < listed) {
            edits.add(new Edit(start, (int) parser.currentTokenLocation().getByteOffset(), "", kept));
        }
    }

    private boolean isUsable(JsonParser parser, ListKind.Entry kind) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return false;
        }
        String name = null;
        boolean readOnly = false;
        boolean unclear = false;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String field = parser.currentName();
            JsonToken value = parser.nextToken();
            if (field.equals(kind.nameField())) {
                unclear |= name != null || value != JsonToken.VALUE_STRING;
                name = value == JsonToken.VALUE_STRING ? parser.getText() : null;
                parser.skipChildren();
            } else if (kind.subject() == AgentCall.Subject.TOOL
                    && field.equals("annotations")
                    && value == JsonToken.START_OBJECT) {
                readOnly = hasReadOnlyHint(parser);
            } else {
                parser.skipChildren();
            }
        }
        return !unclear && name != null && isUsable(kind, name, readOnly);
    }

    private boolean isUsable(ListKind.Entry kind, String name, boolean readOnly) {
        if (kind.subject() == AgentCall.Subject.TOOL) {
            policy.listed(name, readOnly);
        }
        return policy.lists(kind, name);
    }

    private static boolean hasReadOnlyHint(JsonParser parser) throws IOException {
        boolean readOnly = false;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            boolean isHint = parser.currentName().equals("readOnlyHint");
            JsonToken value = parser.nextToken();
            if (isHint) {
                readOnly = value == JsonToken.VALUE_TRUE;
            }
            parser.skipChildren();
        }
        return readOnly;
    }
}
