package dev.apikeys.cli;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

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
            return console() != null;
        }
    }

    /** The console of this process; null if nobody is there. */
    @SuppressWarnings("SystemConsoleNull") // The program asks for the one of java.base, which is null then.
    static @Nullable Console console() {
        return System.console();
    }
}
