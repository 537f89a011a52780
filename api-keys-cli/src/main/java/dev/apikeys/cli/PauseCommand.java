package dev.apikeys.cli;

import dev.apikeys.ApiKey;
import dev.apikeys.KeyRef;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Pauses a key. */
@Command(
        name = "pause",
        description = "Pauses a key: it is rejected until it is resumed.",
        footer = {"", "Example:", "  api-keys-cli pause myk_5f0c9e3b7d2a41c68b90e3d7"})
final class PauseCommand implements Callable<Integer> {
    private final Session session;

    @Mixin
    private final KeyTarget target = new KeyTarget();

    @Mixin
    private final ActorOption actor = new ActorOption();

    PauseCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try (OpenDatabase database = session.open()) {
            ApiKey key = target.find(database);
            ApiKey paused = database.keys().pause(KeyRef.of(key.id()), actor.actor());
            session.output().one(KeyLine.of(paused, database.keys().now()));
            return Exit.OK.code();
        }
    }
}
