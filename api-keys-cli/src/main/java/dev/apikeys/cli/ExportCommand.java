package dev.apikeys.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
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
        long[] count = {0};
        try (OpenDatabase database = session.open()) {
            FileChannel channel = NewFile.open(file);
            Interruption interruption = new Interruption(this::removeInterrupted);
            boolean complete = false;
            try (BufferedWriter writer = new BufferedWriter(Channels.newWriter(channel, StandardCharsets.UTF_8))) {
                database.keys().transfer().exportKeys().forEach(key -> {
                    write(writer, ExportedLine.write(key));
                    count[0]++;
                });
                writer.flush();
                complete = true;
            } finally {
                interruption.close();
                if (!complete) {
                    NewFile.remove(file);
                }
            }
            if (interruption.happened()) {
                return Exit.INTERRUPTED.code();
            }
        } catch (IOException | UncheckedIOException unwritable) {
            throw new CommandException(Exit.UNWRITTEN, "the file " + file + " could not be written, and was removed");
        }
        session.output().message("Exported " + Counted.keys(count[0]) + " to " + file + ".");
        return Exit.OK.code();
    }

    /** A part of the keys would pass for all of them. */
    private void removeInterrupted() {
        NewFile.remove(file);
        session.output().message("Interrupted. The file " + file + " held a part of the keys, and was removed.");
    }

    private static void write(BufferedWriter writer, String line) {
        try {
            writer.write(line);
            writer.newLine();
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }
}
