package dev.apikeys.cli;

import dev.apikeys.ApiKey;
import dev.apikeys.KeyRef;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Ends the pause of a key. */
@Command(
        name = "resume",
        description = "Ends the pause of a key: it works again.",
        footer = {"", "Example:", "  api-keys-cli resume myk_5f0c9e3b7d2a41c68b90e3d7"})
final class ResumeCommand implements Callable<Integer> {
    private final Session session;

    @Mixin
    private final KeyTarget target = new KeyTarget();

    @Mixin
    private final ActorOption actor = new ActorOption();

    ResumeCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try (OpenDatabase database = session.open()) {
            ApiKey key = target.find(database);
            ApiKey resumed = database.keys().resume(KeyRef.of(key.id()), actor.actor());
            session.output().one(KeyLine.of(resumed, database.keys().now()));
            return Exit.OK.code();
        }
    }
}
