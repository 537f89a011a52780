package dev.apikeys.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Which of the program's streams are a terminal.
 *
 * @param input whether somebody can be asked
 * @param output whether somebody reads what the command gives
 * @param messages whether somebody reads its messages
 */
record Terminal(boolean input, boolean output, boolean messages) {
    /** Nobody is there. */
    static final Terminal NONE = new Terminal(false, false, false);

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    /** Looks at the streams of this process. */
    static Terminal ofProcess() {
        return new Terminal(isTerminal(0), isTerminal(1), isTerminal(2));
    }

    /** Linux tells of each stream; elsewhere Java tells of input and output together. */
    private static boolean isTerminal(int descriptor) {
        try {
            String target = Files.readSymbolicLink(DESCRIPTORS.resolve(Integer.toString(descriptor)))
                    .toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException otherSystem) {
            return System.console() != null;
        }
    }
}
