package dev.apikeys.cli;

import dev.apikeys.ApiKey;
import dev.apikeys.KeyFilter;
import dev.apikeys.Page;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists keys that end soon. */
@Command(
        name = "expiring",
        description = "Lists keys that work, and expire within a time.",
        footer = {"", "Example:", "  api-keys-cli expiring --within 30d"})
final class ExpiringCommand implements Callable<Integer> {
    private final Session session;

    @Option(names = "--within", paramLabel = "DURATION", description = "How soon, such as 30d, which is the default.")
    private Duration within = Duration.ofDays(30);

    @Mixin
    private final OwnerOptions owner = new OwnerOptions();

    @Mixin
    private final PageOptions page = new PageOptions();

    ExpiringCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try (OpenDatabase database = session.open()) {
            Instant now = database.keys().now();
            KeyFilter expiring =
                    owner.within(KeyFilter.everything()).liveAt(now).expiringBefore(now.plus(within));
            Page<ApiKey> keys = database.keys().list(expiring, page.request());
            session.output().list(keys.items().stream().map(key -> KeyLine.of(key, now)));
            session.output().message(keys.items().size() + " of " + Counted.keys(keys));
            return Exit.OK.code();
        }
    }
}
