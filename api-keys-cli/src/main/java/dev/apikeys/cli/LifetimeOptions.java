package dev.apikeys.cli;

import dev.apikeys.KeySpec;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How long a new key lives. */
final class LifetimeOptions {
    @Option(
            names = "--expires-in",
            paramLabel = "DURATION",
            description = "How long it works, such as 30d; 90d by default.")
    @Nullable
    private Duration expiresIn;

    @Option(names = "--expires-at", paramLabel = "TIME", description = "Until when it works, such as 2027-01-31.")
    @Nullable
    private Instant expiresAt;

    @Option(names = "--never-expires", description = "It has no end; for keys of organizations.")
    private boolean never;

    KeySpec apply(KeySpec spec) {
        int given = (expiresIn == null ? 0 : 1) + (expiresAt == null ? 0 : 1) + (never ? 1 : 0);
        if (given > 1) {
            throw CommandException.usage("give one of --expires-in, --expires-at and --never-expires");
        }
        if (expiresIn != null) {
            return spec.expiresIn(expiresIn);
        } else if (expiresAt != null) {
            return spec.expiresAt(expiresAt);
        }
        return never ? spec.neverExpires() : spec;
    }
}
