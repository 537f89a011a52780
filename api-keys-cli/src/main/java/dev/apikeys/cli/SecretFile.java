package dev.apikeys.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a file that holds one secret. */
final class SecretFile {
    private SecretFile() {}

    /** The text of the file without the line break at its end. */
    static String read(Path file, String what) {
        try {
            return Files.readString(file).replaceFirst("\\R\\z", "");
        } catch (IOException unreadable) {
            throw CommandException.usage("the file with " + what + " can't be read: " + file);
        }
    }
}
