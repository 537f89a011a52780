package dev.apikeys.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** Files for what its owner alone may read. None is ever overwritten. */
final class NewFile {
    private NewFile() {}

    /**
     * Makes an empty file with mode 0600.
     *
     * @throws CommandException when it exists, or can't be made
     */
    static void create(Path file) {
        try {
            Files.createFile(file, ownerOnly());
        } catch (FileAlreadyExistsException exists) {
            throw CommandException.usage("the file " + file + " exists, and is not overwritten");
        } catch (IOException unwritable) {
            throw CommandException.usage("the file " + file + " can't be made");
        }
    }

    /** Makes such a file to be written in UTF-8. */
    static BufferedWriter writer(Path file) throws IOException {
        create(file);
        return Files.newBufferedWriter(file);
    }

    private static FileAttribute<?>[] ownerOnly() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}
