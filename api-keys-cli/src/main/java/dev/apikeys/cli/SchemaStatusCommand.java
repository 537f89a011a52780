package dev.apikeys.cli;

import dev.apikeys.jdbi.ApiKeySchema;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Shows the version of the tables. */
@Command(
        name = "status",
        description = {
            "Shows whether the tables are there, and of which version. Ends with 7 unless services of this version can"
                    + " work on them."
        },
        footer = {"", "Example:", "  api-keys-cli schema status"})
final class SchemaStatusCommand implements Callable<Integer> {
    private final Session session;

    SchemaStatusCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        ApiKeySchema.Status status = ApiKeySchema.of(session.plain()).status();
        session.output().one(SchemaLine.of(status));
        session.output()
                .message(
                        switch (status.state()) {
                            case NONE -> "There are no tables: run 'schema create'.";
                            case INCOMPLETE -> "A script ended half way: run 'doctor'.";
                            case OLDER -> "The tables are of an older version: run 'schema upgrade'.";
                            case CURRENT -> "The tables are as this version needs them.";
                            case NEWER -> "The tables are of a later version, which works too.";
                        });
        return SchemaLine.exit(status).code();
    }
}
