package dev.apikeys.cli;

import dev.apikeys.Actor;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who makes a change, for the audit trail. */
final class ActorOption {
    @Option(
            names = "--actor",
            paramLabel = "ID",
            description = "Who makes the change, for the audit trail; by default cli: and the name of your account.")
    @Nullable
    private String actor;

    Actor actor() {
        return Actor.of(actor != null ? actor : "cli:" + System.getProperty("user.name", "unknown"));
    }
}
