package dev.apikeys.mcp.servlet;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The revisions of the protocol. */
enum Revision {
    V2024_11_05("2024-11-05"),
    V2025_03_26("2025-03-26"),
    V2025_06_18("2025-06-18"),
    V2025_11_25("2025-11-25"),
    /** The first without sessions. */
    V2026_07_28("2026-07-28");

    private final String date;

    Revision(String date) {
        this.date = date;
    }

    /** The revision of exactly this date, or null when there is none. */
    static @Nullable Revision of(String date) {
        for (Revision revision : values()) {
            if (revision.date.equals(date)) {
                return revision;
            }
        }
        return null;
    }

    /** Every date, oldest first. */
    static List<String> dates() {
        return Arrays.stream(values()).map(revision -> revision.date).toList();
    }

    boolean hasSessions() {
        return compareTo(V2026_07_28) < 0;
    }
}
