package dev.apikeys.cli;

import dev.apikeys.jdbi.ApiKeySchema;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Makes the tables. */
@Command(
        name = "create",
        description = {
            "Makes the tables on a database that has none. The user must have the right to create tables; services don't"
                    + " need it afterwards."
        },
        footer = {"", "Example:", "  api-keys-cli --user admin schema create"})
final class SchemaCreateCommand implements Callable<Integer> {
    private final Session session;

    SchemaCreateCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        ApiKeySchema.Status status = ApiKeySchema.of(session.plainToFill()).create();
        session.output().one(SchemaLine.of(status));
        return SchemaLine.exit(status).code();
    }
}
