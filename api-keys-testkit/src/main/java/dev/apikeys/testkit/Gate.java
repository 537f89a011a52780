package dev.apikeys.testkit;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Blocks threads until a test opens it. No thread waits for longer than 30 seconds.
 *
 * <p>Thread-safe.
 */
public final class Gate {
    private static final long MAX_WAIT_SECONDS = 30;

    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);

    /** A closed gate. */
    public Gate() {}

    /** Waits until the gate is open. */
    public void pass() {
        reached.countDown();
        await(open, "the gate was not opened");
    }

    /** Waits until a thread has reached the gate. */
    public void awaitReached() {
        await(reached, "no thread came to the gate");
    }

    /** Lets all threads pass from now on. */
    public void open() {
        open.countDown();
    }

    private static void await(CountDownLatch latch, String complaint) {
        try {
            if (!latch.await(MAX_WAIT_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError(complaint);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(complaint, interrupted);
        }
    }
}
