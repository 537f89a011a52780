package dev.apikeys.spi;

import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

/**
 * A notice that was given.
 *
 * <p>Immutable and thread-safe.
 *
 * @param keyId the key
 * @param notice the name of the notice, at most 40 ASCII characters
 * @param about the time that it was about, as in {@link NoticeQuery.About}
 * @param at when it was given
 */
public record GivenNotice(UUID keyId, String notice, Instant about, Instant at) {
    /** Checks that nothing is missing. */
    public GivenNotice {
        Objects.requireNonNull(keyId, "keyId");
        Objects.requireNonNull(notice, "notice");
        Objects.requireNonNull(about, "about");
        Objects.requireNonNull(at, "at");
    }
}
