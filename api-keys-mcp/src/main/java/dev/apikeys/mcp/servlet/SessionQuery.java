package dev.apikeys.mcp.servlet;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The ids of sessions in a query, where the transport of revision 2024-11-05 has them. */
final class SessionQuery {
    /** How the official SDKs call the parameter, without underscores and in lower case. */
    private static final String NAME = "sessionid";

    private SessionQuery() {}

    /** The ids in a query as it was sent, decoded. */
    static List<String> idsIn(@Nullable String query) {
        if (query == null) {
            return List.of();
        }
        List<String> ids = new ArrayList<>(1);
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
            if (name.replace("_", "").toLowerCase(Locale.ROOT).equals(NAME)) {
                ids.add(decoded(pair.substring(equals + 1)));
            }
        }
        return ids;
    }

    /** The ids in the query of a URI or a part of one. */
    static List<String> idsInUri(String uri) {
        int start = uri.indexOf('?');
        int fragment = uri.indexOf('#');
        int end = fragment < 0 ? uri.length() : fragment;
        return start < 0 || start >= end ? List.of() : idsIn(uri.substring(start + 1, end));
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return text;
        }
    }
}
