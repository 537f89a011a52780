package dev.apikeys.cli;

import dev.apikeys.jdbi.ApiKeySchema;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints the scripts that make the tables. */
@Command(
        name = "print",
        description =
                "Prints the scripts that make the tables, for this kind of database; for somebody who runs them by hand.",
        footer = {"", "Examples:", "  api-keys-cli schema print > api-keys.sql", "  api-keys-cli schema print --from 1"
        })
final class SchemaPrintCommand implements Callable<Integer> {
    private final Session session;

    @Option(
            names = "--from",
            paramLabel = "VERSION",
            description = "Only the scripts that upgrade tables of this version.")
    @Nullable
    private Integer from;

    SchemaPrintCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        int first = from == null ? 0 : from;
        List<ApiKeySchema.Script> scripts = ApiKeySchema.of(session.plain()).scripts().stream()
                .filter(script -> script.version() > first)
                .toList();
        if (session.output().isJson()) {
            session.output().json(scripts);
        } else {
            scripts.forEach(script -> session.output().text("-- " + script.fileName() + "\n" + script.text()));
        }
        return Exit.OK.code();
    }
}
