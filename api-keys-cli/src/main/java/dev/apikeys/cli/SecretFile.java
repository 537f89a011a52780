package dev.apikeys.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Reads a file that holds one secret, and names the variable that may hold it instead. */
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

    /**
     * The variable for the secret with this id.
     *
     * @throws CommandException when it is no id; it may be the secret itself, and is not shown
     */
    static String variable(String prefix, String id) {
        if (!id.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,31}")) {
            throw CommandException.usage(
                    "the id of a pepper or key has 1 to 32 letters, digits, points and hyphens; if it"
                            + " was the secret itself, others may have seen it");
        }
        return prefix + id.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }
}
