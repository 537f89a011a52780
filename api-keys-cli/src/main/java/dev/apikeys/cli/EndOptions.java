package dev.apikeys.cli;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Until when a key works. */
final class EndOptions {
    @Option(
            names = "--expires-in",
            paramLabel = "DURATION",
            description = "How long it works from now on, such as 30d.")
    @Nullable
    private Duration in;

    @Option(names = "--expires-at", paramLabel = "TIME", description = "Until when it works, such as 2027-01-31.")
    @Nullable
    private Instant at;

    /** Tells whether an end was given. */
    boolean isGiven() {
        return in != null || at != null;
    }

    /**
     * The end; null if none was given.
     *
     * @throws CommandException when both were given
     */
    @Nullable
    Instant end(Instant now) {
        if (in != null && at != null) {
            throw CommandException.usage("give either --expires-in or --expires-at");
        }
        return in == null ? at : now.plus(in);
    }
}
