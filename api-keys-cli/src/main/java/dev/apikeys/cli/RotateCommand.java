package dev.apikeys.cli;

import dev.apikeys.ApiKey;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyRef;
import dev.apikeys.KeyService;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Gives a key a new token. */
@Command(
        name = "rotate",
        description = {
            "Gives a key a new token under the same key id. The old token works until the grace ends.",
            "The new token is shown once: on the output, or in a new file."
        },
        footer = {
            "",
            "Examples:",
            "  api-keys-cli rotate myk_5f0c9e3b7d2a41c68b90e3d7 --out crm.key",
            "  api-keys-cli rotate myk_5f0c9e3b7d2a41c68b90e3d7 --grace 0s"
        })
final class RotateCommand implements Callable<Integer> {
    private final Session session;

    @Mixin
    private final KeyTarget target = new KeyTarget();

    @Option(
            names = "--grace",
            paramLabel = "DURATION",
            description = "How long the old token works, 0s to 7d; 24h by default.")
    private Duration grace = Duration.ofHours(24);

    @Mixin
    private final TokenTarget token = new TokenTarget();

    @Mixin
    private final MakingOptions making = new MakingOptions();

    RotateCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try (OpenDatabase database = session.open(making.service())) {
            KeyService keys = database.keys();
            ApiKey key = target.find(database);
            IssuedKey issued = token.deliver(session, () -> keys.rotate(KeyRef.of(key.id()), grace, making.actor()));
            session.output()
                    .message("Rotated " + issued.key().name() + ", key id "
                            + issued.key().id()
                            + "; the old token works until "
                            + KeyLine.shown(key.graceEnd(grace, keys.now())) + ".");
            return Exit.OK.code();
        }
    }
}
