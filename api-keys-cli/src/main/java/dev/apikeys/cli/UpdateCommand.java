package dev.apikeys.cli;

import dev.apikeys.ApiKey;
import dev.apikeys.Grant;
import dev.apikeys.KeyRef;
import dev.apikeys.KeyUpdate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Changes a key. */
@Command(
        name = "update",
        description = "Changes the name, the grant or the addresses of a key. What is not named stays.",
        footer = {
            "",
            "Examples:",
            "  api-keys-cli update myk_5f0c9e3b7d2a41c68b90e3d7 --name 'CRM, old' --mode read",
            "  api-keys-cli update myk_5f0c9e3b7d2a41c68b90e3d7 --allow-from-everywhere"
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

    @Option(
            names = "--allow-from",
            paramLabel = "ADDRESS",
            split = ",",
            description = "The addresses and blocks that it may be used from, instead of the present ones.")
    private final List<String> allowedFrom = new ArrayList<>();

    @Option(names = "--allow-from-everywhere", description = "It may be used from every address.")
    private boolean everywhere;

    @Mixin
    private final ActorOption actor = new ActorOption();

    UpdateCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        KeyUpdate update = update();
        try (OpenDatabase database = session.open()) {
            ApiKey key = target.find(database.keys());
            ApiKey changed = database.keys().update(KeyRef.of(key.id()), update, actor.actor());
            session.output().one(KeyLine.of(changed, database.keys().now()));
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
        if (everywhere && !allowedFrom.isEmpty()) {
            throw CommandException.usage("give either --allow-from or --allow-from-everywhere");
        }
        if (everywhere) {
            return update.allowedFromEverywhere();
        }
        return allowedFrom.isEmpty() ? update : update.allowedFrom(allowedFrom.toArray(String[]::new));
    }
}
