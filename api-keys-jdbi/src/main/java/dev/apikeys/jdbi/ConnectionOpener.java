package dev.apikeys.jdbi;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.ConnectionFactory;

/**
 * Opens connections, each on a thread of its own: no poller or call waits for a database that says nothing, whatever the
 * time-outs of driver or pool. Only some are opened at a time; one that comes too late is closed.
 *
 * <p>A driver without a time-out may wait for ever for a server that died. After a minute, another attempt takes the place of
 * such a one. Each that still hangs makes that a minute longer, so that a day brings some fifty threads that hang, and not
 * thousands.
 *
 * <p>Thread-safe.
 */
final class ConnectionOpener {
    /** To connect may take longer than a statement: names are looked up, keys exchanged, passwords checked. */
    private static final Duration LEAST = Duration.ofSeconds(2);

    private static final Duration HOPELESS = Duration.ofMinutes(1);

    private final ConnectionFactory source;
    private final Semaphore slots;
    private final Duration hopeless;
    private final Set<Attempt> running = ConcurrentHashMap.newKeySet();
    private final AtomicInteger replaced = new AtomicInteger();

    /** Opens one at a time, as pollers need it. */
    ConnectionOpener(ConnectionFactory source) {
        this(source, 1);
    }

    /**
     * Opens connections of this source.
     *
     * @param atOnce how many at a time, those that nobody waits for any more included
     */
    ConnectionOpener(ConnectionFactory source, int atOnce) {
        this(source, atOnce, HOPELESS);
    }

    /** Another attempt takes the place of one that hangs for so long. */
    ConnectionOpener(ConnectionFactory source, int atOnce, Duration hopeless) {
        this.source = source;
        this.slots = new Semaphore(atOnce);
        this.hopeless = hopeless;
    }

    /**
     * Opens a connection.
     *
     * @param timeout how long a statement may take; to connect may take two seconds in any case
     * @throws SQLTimeoutException when it took longer, or the thread was interrupted
     */
    Connection open(Duration timeout) throws SQLException {
        long most = Math.max(timeout.toNanos(), LEAST.toNanos());
        long began = System.nanoTime();
        try {
            if (!slots.tryAcquire() && !replacesOne() && !slots.tryAcquire(most, TimeUnit.NANOSECONDS)) {
                throw new SQLTimeoutException("the connection before this one is still being opened");
            }
            return new Attempt().await(most - (System.nanoTime() - began));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new SQLTimeoutException("interrupted while a connection was opened", interrupted);
        }
    }

    /** Takes the place of an attempt that hangs, if there is one. */
    private boolean replacesOne() {
        long nanos = hopeless.multipliedBy(1L + replaced.get()).toNanos();
        return running.stream().anyMatch(attempt -> attempt.isOlderThan(nanos) && attempt.leavesPlace());
    }

    /** Opens one connection. */
    private final class Attempt {
        private final CompletableFuture<Connection> made = new CompletableFuture<>();
        private final Thread thread = new Thread(this::run, "api-keys-connect");
        private final AtomicBoolean hasPlace = new AtomicBoolean(true);
        private final long began = System.nanoTime();

        Attempt() {
            running.add(this);
            thread.setDaemon(true);
            boolean started = false;
            try {
                thread.start();
                started = true;
            } finally {
                if (!started) {
                    end();
                }
            }
        }

        private void run() {
            try {
                Connection connection = source.openConnection();
                if (!made.complete(connection)) {
                    Connections.discard(connection, null);
                }
            } catch (Throwable failure) {
                made.completeExceptionally(failure);
            } finally {
                end();
            }
        }

        private void end() {
            running.remove(this);
            if (hasPlace.compareAndSet(true, false)) {
                slots.release();
            } else {
                replaced.decrementAndGet();
            }
        }

        boolean isOlderThan(long nanos) {
            return System.nanoTime() - began > nanos;
        }

        /** Leaves its place to one other attempt. */
        boolean leavesPlace() {
            boolean leaves = hasPlace.compareAndSet(true, false);
            if (leaves) {
                replaced.incrementAndGet();
            }
            return leaves;
        }

        Connection await(long nanos) throws SQLException, InterruptedException {
            try {
                return made.get(nanos, TimeUnit.NANOSECONDS);
            } catch (ExecutionException failed) {
                throw failed.getCause() instanceof SQLException sql ? sql : new SQLException(failed.getCause());
            } catch (TimeoutException tooLate) {
                giveUp(new SQLTimeoutException("no connection was opened in time"));
                return made.getNow(null);
            } catch (InterruptedException interrupted) {
                // Giving up may throw something else, and nobody else would tell.
                Thread.currentThread().interrupt();
                giveUp(new SQLTimeoutException("interrupted while a connection was opened", interrupted));
                Connections.discard(made.getNow(null), null);
                throw interrupted;
            }
        }

        /** Throws the reason, unless the connection came at the last moment. */
        private void giveUp(SQLTimeoutException reason) throws SQLTimeoutException {
            // Pools stop on an interrupt. Drivers do not, and go on until their own time-out.
            thread.interrupt();
            if (made.completeExceptionally(reason)) {
                throw reason;
            }
        }
    }
}
