package dev.apikeys.jdbi;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jdbi.v3.core.ConnectionFactory;

/**
 * Opens connections, each on a thread of its own: no poller or call waits for a database that says nothing, whatever the
 * time-outs of driver or pool. Only some are opened at a time; one that comes too late is closed.
 *
 * <p>Thread-safe.
 */
final class ConnectionOpener {
    /** To connect may take longer than a statement: names are looked up, keys exchanged, passwords checked. */
    private static final Duration LEAST = Duration.ofSeconds(2);

    private final ConnectionFactory source;
    private final Semaphore slots;

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
        this.source = source;
        this.slots = new Semaphore(atOnce);
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
            if (!slots.tryAcquire(most, TimeUnit.NANOSECONDS)) {
                throw new SQLTimeoutException("the connection before this one is still being opened");
            }
            return new Attempt().await(most - (System.nanoTime() - began));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new SQLTimeoutException("interrupted while a connection was opened", interrupted);
        }
    }

    /** Opens one connection. */
    private final class Attempt {
        private final CompletableFuture<Connection> made = new CompletableFuture<>();
        private final Thread thread = new Thread(this::run, "api-keys-connect");

        Attempt() {
            thread.setDaemon(true);
            boolean started = false;
            try {
                thread.start();
                started = true;
            } finally {
                if (!started) {
                    slots.release();
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
                slots.release();
            }
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
