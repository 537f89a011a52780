package dev.apikeys;

import java.time.Duration;

/**
 * What a service does about its cache by itself: it may fill it when it starts, and checks what is in it. Each has a thread
 * of its own, so that no check waits.
 *
 * <p>Thread-safe.
 */
final class CacheUpkeep {
    private final WarmUp warmUp;
    private final CachedKeyCheck check;
    private final Background warming = new Background("api-keys-warm-up");
    private final Background checking = new Background("api-keys-check");

    CacheUpkeep(WarmUp warmUp, CachedKeyCheck check) {
        this.warmUp = warmUp;
        this.check = check;
    }

    void start() {
        if (warmUp.isWanted()) {
            warming.endWith("Loading the keys that were used last", warmUp::run);
        }
        checking.every(CachedKeyCheck.INTERVAL, "Checking cached keys", check::step);
    }

    /** Ends after the step that is under way. Does not wait. */
    void stop() {
        warmUp.stop();
        warming.end();
        checking.end();
    }

    void await(Duration atMost) {
        warming.await(atMost);
        checking.await(atMost);
    }
}
