package dev.apikeys.cli;

import dev.apikeys.ApiKey;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows one key. */
@Command(
        name = "show",
        description = "Shows everything about one key. Neither its token nor a hash is part of that.",
        footer = {"", "Example:", "  api-keys-cli show myk_5f0c9e3b7d2a41c68b90e3d7"})
final class ShowCommand implements Callable<Integer> {
    private final Session session;

    @Mixin
    private final KeyTarget target = new KeyTarget();

    ShowCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try (OpenDatabase database = session.open()) {
            ApiKey key = target.find(database);
            session.output().one(KeyLine.of(key, database.keys().now()));
            return Exit.OK.code();
        }
    }
}
