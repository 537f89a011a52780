package dev.apikeys.cli;

import dev.apikeys.jdbi.ApiKeySchema;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Brings tables of an older version to this one. */
@Command(
        name = "upgrade",
        description = {
            "Upgrades tables of an older version. Services of the older version go on working, so upgrade before you"
                    + " deploy."
        },
        footer = {"", "Example:", "  api-keys-cli --user admin schema upgrade"})
final class SchemaUpgradeCommand implements Callable<Integer> {
    private final Session session;

    @Mixin
    private final Confirmation confirmation = new Confirmation();

    SchemaUpgradeCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        ApiKeySchema schema = ApiKeySchema.of(session.plain());
        ApiKeySchema.Status before = schema.status();
        if (before.state() == ApiKeySchema.State.OLDER) {
            confirmation.require(
                    session.surroundings(),
                    "This upgrades the tables from version " + before.version() + " to " + ApiKeySchema.LATEST_VERSION
                            + ".");
        }
        ApiKeySchema.Status after = schema.upgrade();
        session.output().one(SchemaLine.of(after));
        return SchemaLine.exit(after).code();
    }
}
