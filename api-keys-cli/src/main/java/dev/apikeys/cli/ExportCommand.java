package dev.apikeys.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Exports all keys with their hashes. */
@Command(
        name = "export",
        description = {
            "Writes all keys with their hashes into a new file (mode 0600), as JSON Lines, for another database of this"
                    + " library. Tokens are not stored, so they aren't in it; but keep it like a backup.",
            "Stop the services first, or import a second file later, which adds what is new."
        },
        footer = {
            "",
            "Examples:",
            "  api-keys-cli --url jdbc:mariadb://old/app export --out keys.jsonl",
            "  api-keys-cli --url jdbc:postgresql://new/app import keys.jsonl --form exported"
        })
final class ExportCommand implements Callable<Integer> {
    private final Session session;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "The new file; it must not exist.")
    private Path file = Path.of("");

    ExportCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try (OpenDatabase database = session.open();
                BufferedWriter writer = NewFile.writer(file)) {
            long[] count = {0};
            database.keys().transfer().exportKeys().forEach(key -> {
                try {
                    writer.write(ExportedLine.write(key));
                    writer.newLine();
                } catch (IOException unwritable) {
                    throw new UncheckedIOException(unwritable);
                }
                count[0]++;
            });
            session.output().message("Exported " + Counted.keys(count[0]) + " to " + file + ".");
            return Exit.OK.code();
        } catch (IOException | UncheckedIOException unwritable) {
            throw new CommandException(Exit.FAILED, "the file " + file + " could not be written; it is not complete");
        }
    }
}
