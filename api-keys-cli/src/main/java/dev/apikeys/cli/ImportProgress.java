package dev.apikeys.cli;

import dev.apikeys.ImportReport;
import java.io.PrintStream;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Shows how far an import is, on a terminal; and, when it is interrupted, how to go on. Not thread-safe.
 */
final class ImportProgress implements AutoCloseable {
    private static final int WIDTH = 79;
    private static final int REFRESH_MILLIS = 200;

    private final PrintStream messages;
    private final @Nullable ProgressBar bar;
    private final Interruption interruption;

    ImportProgress(Session session, long bytes) {
        this.messages = session.surroundings().messages();
        this.bar = session.surroundings().terminal().messages() ? bar(bytes) : null;
        this.interruption = new Interruption(
                () -> messages.println("Interrupted. Run the same command again: what was imported is left as it is."));
    }

    /** Some more bytes were read. */
    void count(long bytes) {
        if (bar != null) {
            bar.stepBy(bytes);
        }
    }

    /** A batch was imported. */
    void show(ImportReport soFar) {
        if (bar != null) {
            bar.setExtraMessage(" " + soFar.imported() + " imported, " + soFar.refused() + " refused");
        }
    }

    @Override
    public void close() {
        interruption.close();
        if (bar != null) {
            bar.close();
            messages.println();
        }
    }

    private ProgressBar bar(long bytes) {
        return new ProgressBarBuilder()
                .setTaskName("Import")
                .setInitialMax(bytes)
                .setUnit(" KB", 1024)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(REFRESH_MILLIS)
                .setConsumer(new DelegatingProgressBarConsumer(line -> messages.print("\r" + line), WIDTH))
                .build();
    }
}
