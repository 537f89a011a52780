package dev.apikeys;

import org.jspecify.annotations.Nullable;

/**
 * Calls of the host's code on a thread that also works with the store. When a service closes, such a call may be interrupted,
 * and only it: an interrupt in the middle of a statement closes some embedded databases, for everybody who uses them.
 *
 * <p>For one caller at a time; another thread may interrupt.
 */
final class HostCalls {
    private @Nullable Thread running;
    private boolean interrupted;

    /** Calls the host, and throws what it throws. An interrupt by {@link #interrupt} ends with the call. */
    void call(Runnable host) {
        begin();
        try {
            host.run();
        } finally {
            end();
        }
    }

    /** Interrupts the call that is under way, if there is one. */
    synchronized void interrupt() {
        if (running != null) {
            interrupted = true;
            running.interrupt();
        }
    }

    private synchronized void begin() {
        running = Thread.currentThread();
    }

    private synchronized void end() {
        running = null;
        if (interrupted) {
            interrupted = false;
            Thread.interrupted();
        }
    }
}
