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

/** Lists keys that nobody uses. */
@Command(
        name = "unused",
        description = "Lists keys that work, were issued longer ago than a time, and were not used since.",
        footer = {"", "Example:", "  api-keys-cli unused --since 90d"})
final class UnusedCommand implements Callable<Integer> {
    private final Session session;

    @Option(names = "--since", paramLabel = "DURATION", description = "Since when, such as 90d, which is the default.")
    private Duration since = Duration.ofDays(90);

    @Mixin
    private final OwnerOptions owner = new OwnerOptions();

    @Mixin
    private final PageOptions page = new PageOptions();

    UnusedCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try (OpenDatabase database = session.open()) {
            Instant now = database.keys().now();
            KeyFilter unused = owner.within(KeyFilter.everything()).liveAt(now).unusedSince(now.minus(since));
            Page<ApiKey> keys = database.keys().list(unused, page.request());
            session.output().list(keys.items().stream().map(key -> KeyLine.of(key, now)));
            session.output().message(keys.items().size() + " of " + Counted.keys(keys));
            return Exit.OK.code();
        }
    }
}
