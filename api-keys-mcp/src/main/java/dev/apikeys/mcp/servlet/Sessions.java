package dev.apikeys.mcp.servlet;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Which key opened which session with the server behind the guard. Bounded: a key that opens too many sessions loses its
 * oldest ones, and where there are too many in all, the key that was quiet longest does. A client whose session is unknown
 * begins a new one, as the protocol wants it to.
 *
 * <p>Only digests of ids are kept: who reads the memory can't use a session. Thread-safe.
 */
final class Sessions {
    private static final int MAX_OF_KEY = 1_000;
    private static final int MAX = 100_000;

    private final Map<String, UUID> keyOf = new HashMap<>();
    /** The key that was quiet longest first, and of each key the oldest session first. */
    private final Map<UUID, Set<String>> byKey = new LinkedHashMap<>(16, 0.75f, true);

    /** The server opened a session for the key. One that another key has opened stays that key's. */
    void opened(String session, UUID key) {
        String digest = digest(session);
        synchronized (this) {
            if (keyOf.putIfAbsent(digest, key) != null) {
                return;
            }
            Set<String> own = byKey.computeIfAbsent(key, absent -> new LinkedHashSet<>());
            own.add(digest);
            if (own.size() > MAX_OF_KEY) {
                forgetOldest(own);
            } else if (keyOf.size() > MAX) {
                Iterator<Set<String>> quietest = byKey.values().iterator();
                Set<String> sessions = quietest.next();
                forgetOldest(sessions);
                if (sessions.isEmpty()) {
                    quietest.remove();
                }
            }
        }
    }

    /** Tells whether the key opened the session. */
    boolean isOpenFor(String session, UUID key) {
        String digest = digest(session);
        synchronized (this) {
            return byKey.get(key) != null && key.equals(keyOf.get(digest));
        }
    }

    private void forgetOldest(Set<String> sessions) {
        Iterator<String> oldest = sessions.iterator();
        keyOf.remove(oldest.next());
        oldest.remove();
    }

    private static String digest(String session) {
        try {
            byte[] bytes = session.getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
