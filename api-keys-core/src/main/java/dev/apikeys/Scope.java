package dev.apikeys;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One permission, {@code verb:resource}, for example {@code read:systems}. A segment is either {@code *}, which stands
 * for every value of that segment, or 1 to 64 characters of {@code A-Z a-z 0-9 . _ -}; a star inside a segment is an
 * error. Comparison is exact and case-sensitive.
 *
 * <p>Immutable and thread-safe.
 *
 * @param verb what may be done
 * @param resource to what
 */
public record Scope(String verb, String resource) implements Comparable<Scope> {
    /** Longest segment, in characters. */
    public static final int MAX_SEGMENT_LENGTH = 64;

    /** The segment that stands for every value. */
    static final String ANY = "*";

    /**
     * Checks both segments.
     *
     * @throws IllegalArgumentException when a segment is empty, too long or holds another character
     */
    public Scope {
        checkSegment(verb, "verb");
        checkSegment(resource, "resource");
    }

    /**
     * Reads {@code verb:resource}.
     *
     * @throws IllegalArgumentException when the text is not exactly two valid segments
     */
    public static Scope parse(String text) {
        Objects.requireNonNull(text, "text");
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("a scope is verb:resource, for example read:systems");
        }
        return new Scope(text.substring(0, colon), text.substring(colon + 1));
    }

    /** Tells whether this scope covers everything that {@code other} stands for. */
    public boolean covers(Scope other) {
        Objects.requireNonNull(other, "other");
        return segmentCovers(verb, other.verb) && segmentCovers(resource, other.resource);
    }

    /** Tells whether it may stand for several scopes. */
    boolean isWildcard() {
        return verb.equals(ANY) || resource.equals(ANY);
    }

    /** Tells whether there is anything that both scopes cover. */
    boolean overlaps(Scope other) {
        return segmentsOverlap(verb, other.verb) && segmentsOverlap(resource, other.resource);
    }

    /** The scope for exactly what both scopes cover; empty if they have nothing in common. */
    Optional<Scope> intersect(Scope other) {
        String commonVerb = intersectSegment(verb, other.verb);
        String commonResource = intersectSegment(resource, other.resource);
        return commonVerb == null || commonResource == null
                ? Optional.empty()
                : Optional.of(new Scope(commonVerb, commonResource));
    }

    @Override
    public int compareTo(Scope other) {
        Objects.requireNonNull(other, "other");
        int byVerb = verb.compareTo(other.verb);
        return byVerb != 0 ? byVerb : resource.compareTo(other.resource);
    }

    /** {@code verb:resource}. */
    @Override
    public String toString() {
        return verb + ":" + resource;
    }

    private static boolean segmentCovers(String pattern, String segment) {
        return pattern.equals(ANY) || pattern.equals(segment);
    }

    private static boolean segmentsOverlap(String a, String b) {
        return segmentCovers(a, b) || segmentCovers(b, a);
    }

    private static @Nullable String intersectSegment(String a, String b) {
        if (segmentCovers(a, b)) {
            return b;
        }
        return segmentCovers(b, a) ? a : null;
    }

    private static void checkSegment(String segment, String which) {
        Objects.requireNonNull(segment, which);
        if (segment.equals(ANY)) {
            return;
        }
        if (segment.isEmpty() || segment.length() > MAX_SEGMENT_LENGTH) {
            throw new IllegalArgumentException(
                    "the " + which + " of a scope has 1 to " + MAX_SEGMENT_LENGTH + " characters");
        }
        for (int i = 0; i < segment.length(); i++) {
            if (!isSegmentCharacter(segment.charAt(i))) {
                throw new IllegalArgumentException("the " + which
                        + " of a scope is * or made of A-Z a-z 0-9 . _ -; character " + i + " is neither");
            }
        }
    }

    private static boolean isSegmentCharacter(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '.'
                || c == '_'
                || c == '-';
    }
}
