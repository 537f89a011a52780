package dev.apikeys.cli;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files for what its owner alone may read. None is ever overwritten. */
final class NewFile {
    private NewFile() {}

    /**
     * Makes an empty file with mode 0600, and opens it: nobody can put another one in its place before it is written.
     *
     * @throws CommandException when it exists, or can't be made
     */
    static FileChannel open(Path file) {
        try {
            return FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly());
        } catch (FileAlreadyExistsException exists) {
            throw CommandException.usage("the file " + file + " exists, and is not overwritten");
        } catch (IOException unwritable) {
            throw CommandException.usage("the file " + file + " can't be made");
        }
    }

    /** Removes a file that was not written to its end. */
    static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException remains) {
            // It holds nothing that is of use.
        }
    }

    private static FileAttribute<?>[] ownerOnly() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}
