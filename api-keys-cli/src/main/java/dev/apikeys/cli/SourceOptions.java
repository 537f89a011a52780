package dev.apikeys.cli;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The file that is imported. */
final class SourceOptions {
    @Parameters(paramLabel = "FILE", description = "A file with a record on each line, in UTF-8.")
    private Path file = Path.of("");

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "csv or jsonl; by default what the name of the file ends in.")
    private RowFile.@Nullable Format format;

    @Option(
            names = "--delimiter",
            paramLabel = "CHARACTER",
            description = "What separates values in CSV; a comma by default.")
    private char delimiter = ',';

    /** The length of the file in bytes. */
    long size() {
        try {
            return Files.size(file);
        } catch (IOException unreadable) {
            throw unreadable();
        }
    }

    /**
     * Opens the file.
     *
     * @param counter is told how many bytes were read
     */
    RowFile open(LongConsumer counter) {
        try {
            return RowFile.open(new Counting(Files.newInputStream(file), counter), format(), delimiter);
        } catch (IOException unreadable) {
            throw unreadable();
        }
    }

    private RowFile.Format format() {
        if (format != null) {
            return format;
        }
        String name = file.toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".csv") || name.endsWith(".tsv")) {
            return RowFile.Format.CSV;
        } else if (name.endsWith(".jsonl") || name.endsWith(".ndjson")) {
            return RowFile.Format.JSONL;
        }
        throw CommandException.usage("is the file CSV or JSON Lines? Give --format");
    }

    private CommandException unreadable() {
        return CommandException.usage("the file " + file + " can't be read");
    }

    /** Counts what is read. */
    private static final class Counting extends FilterInputStream {
        private final LongConsumer counter;

        Counting(InputStream in, LongConsumer counter) {
            super(in);
            this.counter = counter;
        }

        @Override
        public int read() throws IOException {
            int one = super.read();
            if (one >= 0) {
                counter.accept(1);
            }
            return one;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = super.read(buffer, offset, length);
            if (count > 0) {
                counter.accept(count);
            }
            return count;
        }
    }
}
