package dev.apikeys.cli;

import dev.apikeys.IssuedKey;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
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
        FileChannel channel = NewFile.open(file);
        IssuedKey issued = null;
        try (channel) {
            issued = maker.get();
            ByteBuffer line = ByteBuffer.wrap((issued.token().reveal() + "\n").getBytes(StandardCharsets.US_ASCII));
            while (line.hasRemaining()) {
                channel.write(line);
            }
            // It is nowhere else.
            channel.force(true);
            return issued;
        } catch (IOException unwritable) {
            throw issued == null ? CommandException.usage("the file " + file + " can't be written") : lost(issued);
        } finally {
            if (issued == null) {
                NewFile.remove(file);
            }
        }
    }

    private static CommandException lost(IssuedKey issued) {
        return new CommandException(
                Exit.FAILED,
                "the token could not be written and is lost: revoke the key "
                        + issued.key().id());
    }
}
