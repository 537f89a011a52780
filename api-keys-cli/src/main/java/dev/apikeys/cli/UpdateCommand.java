package dev.apikeys.cli;

import dev.apikeys.ApiKey;
import dev.apikeys.Grant;
import dev.apikeys.KeyRef;
import dev.apikeys.KeyService;
import dev.apikeys.KeyUpdate;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Changes a key. */
@Command(
        name = "update",
        description = "Changes the name, grant, addresses, end or metadata of a key. What is not named stays.",
        footer = {
            "",
            "Examples:",
            "  api-keys-cli update myk_5f0c9e3b7d2a41c68b90e3d7 --name 'CRM, old' --mode read",
            "  api-keys-cli update myk_5f0c9e3b7d2a41c68b90e3d7 --allow-from-everywhere --metadata team=payments"
        })
final class UpdateCommand implements Callable<Integer> {
    private final Session session;

    @Mixin
    private final KeyTarget target = new KeyTarget();

    @Option(names = "--name", paramLabel = "NAME", description = "Another name.")
    @Nullable
    private String name;

    @Mixin
    private final GrantOptions grant = new GrantOptions();

    @Mixin
    private final AddressOptions addresses = new AddressOptions();

    @Mixin
    private final EndOptions end = new EndOptions();

    @Mixin
    private final MetadataOptions metadata = new MetadataOptions();

    @Mixin
    private final ActorOption actor = new ActorOption();

    UpdateCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        KeyUpdate update = update();
        try (OpenDatabase database = session.open()) {
            KeyService keys = database.keys();
            ApiKey key = target.find(database);
            Instant wanted = end.end(keys.now());
            ApiKey changed =
                    keys.update(KeyRef.of(key.id()), wanted == null ? update : update.expiresAt(wanted), actor.actor());
            session.output().one(KeyLine.of(changed, keys.now()));
            session.output().message(changed.version() == key.version() ? "Nothing changed." : "Changed.");
            return Exit.OK.code();
        }
    }

    private KeyUpdate update() {
        KeyUpdate update =
                name == null ? KeyUpdate.nothing() : KeyUpdate.nothing().named(name);
        Grant wanted = grant.grant().orElse(null);
        if (wanted instanceof Grant.ByMode byMode) {
            update = update.mode(byMode.mode());
        } else if (wanted instanceof Grant.ByScopes byScopes) {
            update = update.scopes(byScopes.scopes());
        }
        for (Map.Entry<String, String> entry : metadata.entries().entrySet()) {
            update = update.metadata(entry.getKey(), entry.getValue());
        }
        return addresses.apply(update);
    }
}
