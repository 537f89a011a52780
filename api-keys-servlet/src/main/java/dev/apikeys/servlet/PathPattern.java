package dev.apikeys.servlet;

import java.util.Arrays;
import java.util.List;

/**
 * The paths that a rule matches: whole segments, {@code *} or {@code {name}} for any one segment, and {@code **} at the
 * end for everything that follows, or nothing.
 *
 * <p>Immutable and thread-safe.
 */
final class PathPattern {
    private static final String ANY = "*";
    private static final String REST = "**";

    private final String text;
    private final List<String> segments;
    private final boolean open;

    private PathPattern(String text, List<String> segments, boolean open) {
        this.text = text;
        this.segments = segments;
        this.open = open;
    }

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException if it is not valid
     */
    static PathPattern parse(String text) {
        if (!text.startsWith("/")) {
            throw invalid(text, "it begins with /");
        }
        if (text.equals("/")) {
            return new PathPattern(text, List.of(), false);
        }
        List<String> parts = Arrays.asList(text.substring(1).split("/", -1));
        boolean open = parts.get(parts.size() - 1).equals(REST);
        List<String> segments = (open ? parts.subList(0, parts.size() - 1) : parts)
                .stream().map(part -> segment(text, part)).toList();
        return new PathPattern(text, segments, open);
    }

    private static String segment(String pattern, String part) {
        if (part.isEmpty()) {
            throw invalid(pattern, "it has no empty segment and no slash at its end");
        }
        if (part.equals(REST)) {
            throw invalid(pattern, "** is allowed only at its end");
        }
        if (part.equals(ANY) || isName(part)) {
            return ANY;
        }
        if (part.equals(".") || part.equals("..") || part.chars().anyMatch(PathPattern::isRefused)) {
            throw invalid(pattern, "a segment is *, {name}, or text without * { } % ; \\ ? # and control characters");
        }
        return part;
    }

    private static boolean isName(String part) {
        return part.length() > 2
                && part.startsWith("{")
                && part.endsWith("}")
                && part.substring(1, part.length() - 1).chars().allMatch(Character::isJavaIdentifierPart);
    }

    private static boolean isRefused(int c) {
        return "*{}%;\\?#".indexOf(c) >= 0 || Character.isISOControl(c);
    }

    private static IllegalArgumentException invalid(String pattern, String rule) {
        return new IllegalArgumentException("not a path pattern, " + rule + ": " + pattern);
    }

    /** Tells whether the pattern matches this path, which is decoded and begins with a slash. */
    boolean matches(String path) {
        int at = 0;
        for (int i = 0; i < segments.size(); i++) {
            if (at == path.length()) {
                return false;
            }
            int start = at + 1;
            int slash = path.indexOf('/', start);
            int end = slash < 0 ? path.length() : slash;
            if (!matches(segments.get(i), path, start, end)) {
                return false;
            }
            at = end;
        }
        return open || at == path.length() || (segments.isEmpty() && path.length() == 1);
    }

    private static boolean matches(String segment, String path, int start, int end) {
        return segment.equals(ANY) ? end > start : segment.length() == end - start && path.startsWith(segment, start);
    }

    /** Tells whether this pattern matches every path that the other pattern matches. */
    boolean covers(PathPattern other) {
        int mine = segments.size();
        int others = other.segments.size();
        if (others < mine || (!open && (other.open || others > mine))) {
            return false;
        }
        for (int i = 0; i < mine; i++) {
            String segment = segments.get(i);
            if (!segment.equals(ANY) && !segment.equals(other.segments.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** The pattern as it was written. */
    @Override
    public String toString() {
        return text;
    }
}
