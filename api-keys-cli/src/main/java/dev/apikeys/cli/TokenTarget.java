package dev.apikeys.cli;

import dev.apikeys.IssuedKey;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a new token goes: to the output, or into a new file that its owner alone can read. */
final class TokenTarget {
    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Write the token into this new file (mode 0600) instead of the output. A file that exists is"
                    + " never overwritten.")
    @Nullable
    private Path file;

    /**
     * Makes the key and hands over its token. The file is made first, so that no token is lost where it can't be.
     *
     * @throws CommandException when the token could not be handed over; then the key is to be revoked
     */
    IssuedKey deliver(Session session, Supplier<IssuedKey> maker) {
        return file == null ? toOutput(session, maker) : intoFile(file, maker);
    }

    private static IssuedKey toOutput(Session session, Supplier<IssuedKey> maker) {
        IssuedKey issued = maker.get();
        PrintStream out = session.surroundings().out();
        if (!session.output().isJson()) {
            out.println(issued.token().reveal());
        } else {
            session.output()
                    .json(KeyLine.of(issued.key(), issued.key().createdAt())
                            .field("token", issued.token().reveal())
                            .fields());
        }
        if (out.checkError()) {
            throw lost(issued);
        }
        return issued;
    }

    /** Writes the token into a new file. */
    static IssuedKey intoFile(Path file, Supplier<IssuedKey> maker) {
        NewFile.create(file);
        boolean made = false;
        IssuedKey issued;
        try {
            issued = maker.get();
            made = true;
        } finally {
            if (!made) {
                remove(file);
            }
        }
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write((issued.token().reveal() + "\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException unwritable) {
            throw lost(issued);
        }
        return issued;
    }

    private static CommandException lost(IssuedKey issued) {
        return new CommandException(
                Exit.FAILED,
                "the token could not be written and is lost: revoke the key "
                        + issued.key().id());
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException remains) {
            // It is empty.
        }
    }
}
