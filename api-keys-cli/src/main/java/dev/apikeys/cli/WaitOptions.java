package dev.apikeys.cli;

import dev.apikeys.KeyServiceBuilder;
import dev.apikeys.LeasePolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whether to wait until a revocation holds on every node. */
final class WaitOptions {
    @Option(
            names = "--wait",
            description = "Return when no service can accept the key any more, not even one that is cut off"
                    + " from the database.")
    private boolean wait;

    @Option(names = "--strict", description = "For --wait: your services have a strict lease, without a grace.")
    private boolean strict;

    @Option(
            names = "--lease-grace",
            paramLabel = "DURATION",
            description = "For --wait: the grace of your services, if you changed it; 60s by default.")
    @Nullable
    private Duration grace;

    @Option(
            names = "--lease-trust",
            paramLabel = "DURATION",
            description =
                    "For --wait: for how long your services trust an answer of the database, if it is more than 1s.")
    @Nullable
    private Duration trust;

    boolean isWanted() {
        return wait;
    }

    void apply(KeyServiceBuilder builder) {
        LeasePolicy lease = LeasePolicy.DEFAULT;
        if (trust != null && trust.compareTo(lease.trust()) > 0) {
            lease = lease.timing(lease.pollInterval(), lease.pollTimeout(), trust);
        }
        if (strict) {
            lease = lease.strict();
        } else if (grace != null) {
            lease = lease.balanced(grace);
        }
        builder.lease(lease);
    }

    /** Returns at that instant. */
    void until(Instant end, Supplier<Instant> now) throws InterruptedException {
        for (long left = millis(end, now); left > 0; left = millis(end, now)) {
            Thread.sleep(left);
        }
    }

    private static long millis(Instant end, Supplier<Instant> now) {
        return Duration.between(now.get(), end).toMillis();
    }
}
