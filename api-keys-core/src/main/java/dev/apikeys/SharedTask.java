package dev.apikeys;

import dev.apikeys.spi.Housekeeping;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * A task that one node at a time does. A node that ends in the middle loses it after {@link #HELD}.
 *
 * <p>For one thread at a time.
 */
final class SharedTask {
    /** How long a node has the task without renewing it. */
    static final Duration HELD = Duration.ofMinutes(5);

    private final String name;
    private final Housekeeping store;
    private final Lease time;
    private final UUID node = UUID.randomUUID();
    private final Pace pace;
    private final HostCalls hosts = new HostCalls();
    private long heldNanos;

    SharedTask(String name, Housekeeping store, Lease time) {
        this.name = name;
        this.store = store;
        this.time = time;
        this.pace = new Pace(time::nanos);
    }

    /** Makes {@link #goesOn} false. */
    void stop() {
        pace.end();
    }

    /** Calls the host for the work. */
    void call(Runnable host) {
        hosts.call(host);
    }

    /** Interrupts a call of the host that takes long. */
    void interruptHost() {
        hosts.interrupt();
    }

    /** Does the work if no other node does it, and lets others do it afterwards. */
    synchronized void run(Runnable work) {
        if (!pace.goesOn() || !take(HELD)) {
            return;
        }
        try {
            work.run();
        } finally {
            Background.quietly("Giving up the task " + name, () -> take(Duration.ZERO));
        }
    }

    /**
     * Tells whether the work may go on. Ask before each step; the node keeps the task by that. After a step that took too
     * long the task may have been done by another node, so that what this one found out before no longer holds.
     */
    boolean goesOn() {
        if (!pace.goesOn()) {
            return false;
        }
        long elapsed = time.nanos() - heldNanos;
        return elapsed < HELD.toNanos() && (elapsed < HELD.toNanos() / 4 || take(HELD));
    }

    /**
     * Does a step of the work, as long as it may go on, and rests.
     *
     * @return whether there may be more to do
     */
    boolean step(Pace.Step step) {
        return goesOn() && pace.step(step);
    }

    private boolean take(Duration howLong) {
        long began = time.nanos();
        Instant now = time.now();
        boolean taken = store.hold(name, node, now, now.plus(howLong));
        if (taken) {
            heldNanos = began;
        }
        return taken;
    }
}
