package dev.apikeys.jdbi;

import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Connections of which one COMMIT goes wrong, once a fault is armed. Thread-safe. */
final class CommitFaults {
    /** What becomes of a COMMIT of which the caller hears nothing. */
    enum Fault {
        /** Carried out; its answer is lost. */
        ANSWER_LOST,
        /** It never reached the database, which rolls back. */
        NEVER_ARRIVED,
        /** It is on its way still, and carried out while the caller asks already. */
        CARRIED_OUT_LATER
    }

    private final AtomicReference<@Nullable Fault> armed = new AtomicReference<>();
    private volatile CompletableFuture<?> later = CompletableFuture.completedFuture(null);

    void arm(Fault fault) {
        armed.set(fault);
    }

    /** Whether the armed fault has happened. */
    boolean happened() {
        return armed.get() == null;
    }

    /** Waits for a COMMIT that is on its way still. */
    void settle() {
        later.join();
    }

    DataSource on(DataSource real) {
        return InterceptedDataSource.perConnection(real, () -> {
            boolean[] gone = new boolean[1];
            return call -> {
                if (gone[0]) {
                    if (call.name().equals("abort") || call.name().equals("close")) {
                        return null;
                    }
                    throw lost();
                }
                Fault fault = call.name().equals("commit") ? armed.getAndSet(null) : null;
                if (fault == null) {
                    return call.proceed();
                }
                gone[0] = true;
                switch (fault) {
                    case ANSWER_LOST -> {
                        call.proceed();
                        call.connection().close();
                    }
                    case NEVER_ARRIVED -> {
                        call.connection().rollback();
                        call.connection().close();
                    }
                    case CARRIED_OUT_LATER ->
                        later = CompletableFuture.runAsync(
                                () -> finish(call), CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS));
                }
                throw lost();
            };
        });
    }

    private static void finish(InterceptedDataSource.Call commit) {
        try {
            commit.proceed();
            commit.connection().close();
        } catch (Throwable failure) {
            throw new AssertionError(failure);
        }
    }

    private static SQLException lost() {
        return new SQLException("as if the line was cut", "08006");
    }
}
