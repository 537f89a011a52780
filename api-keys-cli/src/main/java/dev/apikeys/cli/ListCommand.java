package dev.apikeys.cli;

import dev.apikeys.ApiKey;
import dev.apikeys.Page;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists keys. */
@Command(
        name = "list",
        description = "Lists keys, the newest first, those that have ended included.",
        footer = {
            "",
            "Examples:",
            "  api-keys-cli list --for-organization org_1",
            "  api-keys-cli list --status active --json | jq -r '.[].id'"
        })
final class ListCommand implements Callable<Integer> {
    private final Session session;

    @Mixin
    private final FilterOptions filter = new FilterOptions();

    @Mixin
    private final PageOptions page = new PageOptions();

    ListCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try (OpenDatabase database = session.open()) {
            Instant now = database.keys().now();
            Page<ApiKey> keys = database.keys().list(filter.filter(now), page.request());
            session.output().list(keys.items().stream().map(key -> KeyLine.of(key, now)));
            session.output().message(keys.items().size() + " of " + Counted.keys(keys));
            return Exit.OK.code();
        }
    }
}
