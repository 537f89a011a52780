package dev.apikeys;

import java.time.Instant;

/**
 * That a key was revoked.
 *
 * <p>Immutable and thread-safe.
 *
 * @param at when
 * @param by the {@link Actor#id()} of who did it
 * @param reason in the words of who did it, at most 255 characters; may be empty
 */
public record Revocation(Instant at, String by, String reason) {
    /** Longest reason, in code points; a longer one is cut. */
    public static final int MAX_REASON_LENGTH = 255;

    /** Cuts the reason to length and replaces control characters by U+FFFD. */
    public Revocation {
        reason = Text.printable(reason, MAX_REASON_LENGTH);
    }
}
