package dev.apikeys;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The part of a {@link KeyFilter} that is about revocation, expiry and status; what is null matches every key.
 *
 * @param endingFrom the first instant at which the key may expire, if there is an {@code endingUntil}
 * @param statusAt when the key has the status, if there is one
 */
record LifeCondition(
        Revoked revoked,
        @Nullable Instant endingFrom,
        @Nullable Instant endingUntil,
        @Nullable Instant liveAt,
        ApiKey.@Nullable Status status,
        @Nullable Instant statusAt) {
    static final LifeCondition NONE = new LifeCondition(Revoked.SHOWN, null, null, null, null, null);

    enum Revoked {
        SHOWN,
        LEFT_OUT
    }

    LifeCondition unrevoked() {
        return new LifeCondition(Revoked.LEFT_OUT, endingFrom, endingUntil, liveAt, status, statusAt);
    }

    LifeCondition ending(Instant from, Instant until) {
        return new LifeCondition(revoked, from, until, liveAt, status, statusAt);
    }

    LifeCondition liveAt(Instant time) {
        return new LifeCondition(revoked, endingFrom, endingUntil, time, status, statusAt);
    }

    LifeCondition status(ApiKey.Status wanted, Instant at) {
        return new LifeCondition(revoked, endingFrom, endingUntil, liveAt, wanted, at);
    }

    boolean matches(ApiKey key) {
        Instant end = key.expiresAt();
        return (revoked == Revoked.SHOWN || key.revocation() == null)
                && (endingFrom == null || (end != null && !end.isBefore(endingFrom)))
                && (endingUntil == null || (end != null && end.isBefore(endingUntil)))
                && (liveAt == null || end == null || end.isAfter(liveAt))
                && (statusAt == null || key.status(statusAt) == status);
    }
}
