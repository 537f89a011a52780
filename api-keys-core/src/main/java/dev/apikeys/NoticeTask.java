package dev.apikeys;

import dev.apikeys.ApiKey.Status;
import dev.apikeys.KeyNotice.Kind;
import dev.apikeys.spi.NoticeListener;
import dev.apikeys.spi.NoticeQuery;
import dev.apikeys.spi.NoticeQuery.About;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;

/**
 * Gives the notices of a {@link NoticePolicy}.
 *
 * <p>For one thread at a time.
 */
final class NoticeTask {
    private final NoticePolicy policy;
    private final NoticeListener listener;
    private final NoticeWalk walk;

    NoticeTask(NoticePolicy policy, NoticeListener listener, NoticeWalk walk) {
        this.policy = policy;
        this.listener = listener;
        this.walk = walk;
    }

    void run(Instant now) {
        KeyFilter active = KeyFilter.everything().status(Status.ACTIVE, now);
        Instant from = now;
        for (Duration span : policy.spansBeforeExpiry()) {
            Instant until = now.plus(span);
            // Paused keys too: they may be resumed.
            KeyFilter ending = KeyFilter.everything().liveAt(now).endingBetween(from, until);
            give(Kind.EXPIRING, span, ending, now);
            from = until;
        }
        policy.idleFor().ifPresent(span -> give(Kind.IDLE, span, active.unusedSince(now.minus(span)), now));
        policy.neverUsedFor()
                .ifPresent(
                        span -> give(Kind.NEVER_USED, span, active.neverUsed().unusedSince(now.minus(span)), now));
    }

    private void give(Kind kind, Duration span, KeyFilter filter, Instant now) {
        About about = switch (kind) {
            case EXPIRING -> About.EXPIRY;
            case IDLE, WILL_BE_PAUSED -> About.USE;
            case NEVER_USED -> About.ISSUE;
        };
        String name = kind.name().toLowerCase(Locale.ROOT) + " " + span;
        walk.walk(new NoticeQuery(name, filter, about, null), now, key -> {
            listener.on(new KeyNotice(kind, key, span, Objects.requireNonNull(about.of(key))));
            return true;
        });
    }
}
