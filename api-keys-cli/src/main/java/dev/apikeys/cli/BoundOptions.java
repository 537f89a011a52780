package dev.apikeys.cli;

import dev.apikeys.KeySpec;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What bounds a new key: how long it lives, and from where it may be used. */
final class BoundOptions {
    @Mixin
    private final EndOptions end = new EndOptions();

    @Option(names = "--never-expires", description = "It has no end; for keys of organizations. By default it is 90d.")
    private boolean never;

    @Option(
            names = "--allow-from",
            paramLabel = "ADDRESS",
            split = ",",
            description = "An address or block that it may be used from, such as 203.0.113.0/24. May be repeated.")
    @Nullable
    private List<String> allowedFrom;

    KeySpec apply(KeySpec spec, Instant now) {
        Instant wanted = end.end(now);
        if (wanted != null && never) {
            throw CommandException.usage("give one of --expires-in, --expires-at and --never-expires");
        }
        if (allowedFrom != null && allowedFrom.isEmpty()) {
            throw CommandException.usage("--allow-from needs an address");
        }
        KeySpec bound = allowedFrom == null ? spec : spec.allowedFrom(allowedFrom.toArray(String[]::new));
        if (wanted != null) {
            return bound.expiresAt(wanted);
        }
        return never ? bound.neverExpires() : bound;
    }
}
