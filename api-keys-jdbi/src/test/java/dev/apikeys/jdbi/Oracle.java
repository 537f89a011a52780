package dev.apikeys.jdbi;

import dev.apikeys.Freshness;
import dev.apikeys.KeyService;
import dev.apikeys.Verification;
import dev.apikeys.Verification.Accepted;
import dev.apikeys.Verification.Rejected;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Asks one node about one token without a break, on a thread of its own, and notes when it was accepted. All times are
 * {@link System#nanoTime()}. A decision lies between the beginning and the end of its call: what counts against the node
 * is an accept that even began too late.
 */
final class Oracle implements AutoCloseable {
    private final KeyService node;
    private final String token;
    private final Thread thread = new Thread(this::run, "oracle");

    private volatile boolean stopped;
    private volatile long lastAcceptBegan = Long.MIN_VALUE;
    private volatile long firstRefusalEnded = Long.MIN_VALUE;
    private volatile long firstConfirmedEnded = Long.MIN_VALUE;
    private volatile Verification last;
    final AtomicLong accepts = new AtomicLong();
    final AtomicLong staleAccepts = new AtomicLong();
    final AtomicLong refusals = new AtomicLong();
    final AtomicLong unavailable = new AtomicLong();

    private Oracle(KeyService node, String token) {
        this.node = node;
        this.token = token;
    }

    static Oracle asking(KeyService node, String token) {
        Oracle oracle = new Oracle(node, token);
        oracle.thread.setDaemon(true);
        oracle.thread.start();
        return oracle;
    }

    private void run() {
        while (!stopped) {
            long began = System.nanoTime();
            Verification answer = Nodes.ask(node, token);
            long ended = System.nanoTime();
            note(answer, began, ended);
            last = answer;
            // Two cores have to do for all nodes, and for the tests of another module: this is still a question every
            // half of a millisecond, where Y is a second.
            LockSupport.parkNanos(500_000);
        }
    }

    private void note(Verification answer, long began, long ended) {
        if (answer instanceof Accepted accepted) {
            lastAcceptBegan = began;
            accepts.incrementAndGet();
            if (accepted.principal().freshness() == Freshness.WITHIN_GRACE) {
                staleAccepts.incrementAndGet();
            } else if (firstConfirmedEnded == Long.MIN_VALUE) {
                firstConfirmedEnded = ended;
            }
        } else if (answer instanceof Rejected) {
            if (firstRefusalEnded == Long.MIN_VALUE) {
                firstRefusalEnded = ended;
            }
            refusals.incrementAndGet();
        } else {
            unavailable.incrementAndGet();
        }
    }

    /** Forgets the first confirmed accept, to wait for the next one. */
    void awaitNextConfirmed() {
        firstConfirmedEnded = Long.MIN_VALUE;
    }

    boolean hasConfirmed() {
        return firstConfirmedEnded != Long.MIN_VALUE;
    }

    long firstConfirmedEnded() {
        return firstConfirmedEnded;
    }

    boolean hasAccepted() {
        return lastAcceptBegan != Long.MIN_VALUE;
    }

    boolean hasRefused() {
        return firstRefusalEnded != Long.MIN_VALUE;
    }

    Verification last() {
        return last;
    }

    long lastAcceptBegan() {
        return lastAcceptBegan;
    }

    /** How long after this moment the last accept began; 0 if there was none. */
    long lastAcceptAfter(long moment) {
        return hasAccepted() ? Math.max(0, lastAcceptBegan - moment) : 0;
    }

    /** How long after this moment the node's first refusal was there. */
    long firstRefusalAfter(long moment) {
        return Math.max(0, firstRefusalEnded - moment);
    }

    @Override
    public void close() {
        stopped = true;
        try {
            thread.join(10_000);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
