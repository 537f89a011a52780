package dev.apikeys;

import dev.apikeys.ApiKey.Status;
import dev.apikeys.IdlePolicy.Due;
import dev.apikeys.IdlePolicy.Step;
import dev.apikeys.KeyNotice.Kind;
import dev.apikeys.spi.NoticeListener;
import dev.apikeys.spi.NoticeQuery;
import dev.apikeys.spi.NoticeQuery.About;
import dev.apikeys.spi.NoticeQuery.Earlier;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes the steps of an {@link IdlePolicy}. Each step is remembered together with the use that it is about, so that a use
 * begins anew, and the next step looks for it.
 *
 * <p>For one thread at a time; {@link #due} for any.
 */
final class IdleTask {
    private static final Actor ACTOR = Actor.of("idle policy");
    private static final String REPORTED = "idle-reported";
    private static final String PAUSED = "idle-paused";
    private static final String REVOKED = "idle-revoked";

    private final IdlePolicy policy;
    private final NoticeListener listener;
    private final NoticeWalk walk;
    private final KeyChanges changes;

    IdleTask(IdlePolicy policy, NoticeListener listener, NoticeWalk walk, KeyChanges changes) {
        this.policy = policy;
        this.listener = listener;
        this.walk = walk;
        this.changes = changes;
    }

    /** What {@link #run} would do. */
    List<Due> due(Instant now) {
        List<Due> due = new ArrayList<>();
        walk.find(report(now)).forEach(key -> due.add(new Due(key, Step.REPORT)));
        NoticeQuery pause = pause(now);
        if (pause != null) {
            walk.find(pause).stream()
                    .filter(key -> key.pausedAt() == null)
                    .forEach(key -> due.add(new Due(key, Step.PAUSE)));
        }
        NoticeQuery revocation = revocation(now);
        if (revocation != null) {
            walk.find(revocation).stream()
                    .filter(key -> isPausedForLongEnough(key, now))
                    .forEach(key -> due.add(new Due(key, Step.REVOKE)));
        }
        return due;
    }

    void run(Instant now) {
        // The last step first, so that no key takes two at once.
        NoticeQuery revocation = revocation(now);
        if (revocation != null) {
            walk.walk(revocation, now, key -> isPausedForLongEnough(key, now) && isRevoked(key, revocation));
        }
        NoticeQuery pause = pause(now);
        if (pause != null) {
            walk.walk(pause, now, key -> isPaused(key, pause));
        }
        NoticeQuery report = report(now);
        walk.walk(report, now, key -> {
            Duration span = policy.pauseAfter().orElse(policy.reportAfter());
            Kind kind = policy.pauseAfter().isPresent() ? Kind.WILL_BE_PAUSED : Kind.IDLE;
            listener.on(new KeyNotice(
                    kind,
                    key,
                    span,
                    key.lastUse() == null ? key.createdAt() : key.lastUse().at()));
            return true;
        });
    }

    private NoticeQuery report(Instant now) {
        return query(REPORTED, KeyFilter.everything().status(Status.ACTIVE, now), now, null);
    }

    /** Also for keys that are paused already: by people, or by a node that could not remember it. */
    private @Nullable NoticeQuery pause(Instant now) {
        return policy.pauseAfter()
                .map(span ->
                        query(PAUSED, KeyFilter.everything().liveAt(now), now, new Earlier(REPORTED, now.minus(span))))
                .orElse(null);
    }

    private @Nullable NoticeQuery revocation(Instant now) {
        return policy.revokeAfter()
                .map(span -> query(
                        REVOKED,
                        KeyFilter.everything().status(Status.PAUSED, now),
                        now,
                        new Earlier(PAUSED, now.minus(span))))
                .orElse(null);
    }

    private NoticeQuery query(String notice, KeyFilter filter, Instant now, @Nullable Earlier earlier) {
        return new NoticeQuery(notice, filter.unusedSince(now.minus(policy.reportAfter())), About.USE, earlier);
    }

    /** A pause may be younger than the policy's own, after people resumed the key. */
    private boolean isPausedForLongEnough(ApiKey key, Instant now) {
        Instant since = key.pausedAt();
        return since != null
                && policy.revokeAfter()
                        .map(span -> since.isBefore(now.minus(span)))
                        .orElse(false);
    }

    private boolean isPaused(ApiKey key, NoticeQuery query) {
        return key.pausedAt() != null || isDone(() -> changes.pause(new KeyRef(key.id(), query.filter()), ACTOR));
    }

    private boolean isRevoked(ApiKey key, NoticeQuery query) {
        return isDone(() -> changes.revoke(new KeyRef(key.id(), query.filter()), ACTOR, "not used"));
    }

    /** False if the key was used, changed or removed meanwhile. */
    private static boolean isDone(Runnable change) {
        try {
            change.run();
            return true;
        } catch (KeyNotFoundException | InvalidKeyStateException meanwhile) {
            return false;
        }
    }
}
