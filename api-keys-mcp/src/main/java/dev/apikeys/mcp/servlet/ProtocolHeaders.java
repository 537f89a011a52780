package dev.apikeys.mcp.servlet;

import dev.apikeys.mcp.servlet.CallClassifier.AgentCall;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The protocol's own headers of a request. A server, or something between, may go by them: each is sent once, and says
 * what was decided about.
 */
final class ProtocolHeaders {
    static final String SESSION = "Mcp-Session-Id";
    private static final String REVISION = "MCP-Protocol-Version";
    private static final String METHOD = "Mcp-Method";
    private static final String NAME = "Mcp-Name";
    private static final String PREFIX = "mcp-";

    private final HttpServletRequest request;

    ProtocolHeaders(HttpServletRequest request) {
        this.request = request;
    }

    /**
     * Refuses headers that were sent twice, and revisions that don't exist.
     *
     * @param supported the revisions that an error names
     */
    void check(List<String> supported) throws InvalidMessageException {
        for (String header : Collections.list(request.getHeaderNames())) {
            if (header.regionMatches(true, 0, PREFIX, 0, PREFIX.length())
                    && Collections.list(request.getHeaders(header)).size() > 1) {
                throw InvalidMessageException.header("a header of the protocol was sent twice");
            }
        }
        String revision = request.getHeader(REVISION);
        if (revision != null && Revision.of(revision) == null) {
            throw InvalidMessageException.revision(revision, supported);
        }
    }

    /** Refuses headers that say anything else than one of the messages. */
    void checkAgainst(List<ParsedMessage> messages) throws InvalidMessageException {
        String method = request.getHeader(METHOD);
        String name = request.getHeader(NAME);
        for (ParsedMessage message : messages) {
            AgentCall call = message.call();
            if ((method != null && !method.equals(call.method()))
                    || (name != null && !HeaderText.decoded(name).equals(call.name()))) {
                throw InvalidMessageException.header("a header differs from the body");
            }
        }
    }

    /** Tells whether the request says that it is of a revision without sessions. */
    boolean isSessionless() {
        String revision = request.getHeader(REVISION);
        Revision known = revision == null ? null : Revision.of(revision);
        return known != null && !known.hasSessions();
    }

    /** The fields that the revision requires of a list beside its entries, as JSON behind a comma. */
    String fieldsOfLists() {
        return isSessionless() ? ",\"resultType\":\"complete\",\"ttlMs\":0,\"cacheScope\":\"private\"" : "";
    }

    /** The sessions that the request says it belongs to; normally at most one. */
    List<String> sessions() {
        List<String> sessions = new ArrayList<>(SessionQuery.idsIn(request.getQueryString()));
        String session = sessionHeader();
        if (session != null) {
            sessions.add(session);
        }
        return sessions;
    }

    private @Nullable String sessionHeader() {
        // A server of that revision has to ignore it, and never gets to see it.
        return isSessionless() ? null : request.getHeader(SESSION);
    }
}
