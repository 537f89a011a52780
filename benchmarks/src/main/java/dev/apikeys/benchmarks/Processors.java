package dev.apikeys.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;

/**
 * A processor for the server and another one for the load generator, by {@code taskset} of Linux. Otherwise the generator
 * takes processor time from the server, and the requests per second show less of a difference than there is. Where this
 * can't be done, both share all processors.
 *
 * <p>Immutable and thread-safe.
 */
enum Processors {
    /** Server and generator have one each. */
    DIVIDED("server and generator on a processor each"),
    /** Both run wherever the system puts them. */
    SHARED("server and generator on the same processors, because taskset can't divide them");

    private static final String SERVER = "0";
    private static final String GENERATOR = "1";

    private final String words;

    Processors(String words) {
        this.words = words;
    }

    /** Puts this process, which generates the load, on its processor, and says what came of it. */
    static Processors divide() throws IOException {
        Processors processors = canPin() ? DIVIDED : SHARED;
        System.out.println(processors.words);
        return processors;
    }

    /** For a line of the report; empty if it wasn't measured. */
    static String inWords(OptionalDouble divided) {
        return divided.isEmpty() ? "" : (divided.getAsDouble() > 0 ? DIVIDED : SHARED).words;
    }

    /** The command that starts a server, which has the same virtual machine wherever it runs. */
    List<String> server(List<String> java) {
        if (this == SHARED) {
            return java;
        }
        List<String> command = new ArrayList<>(List.of("taskset", "--cpu-list", SERVER));
        command.addAll(java);
        return command;
    }

    private static boolean canPin() throws IOException {
        String self = Long.toString(ProcessHandle.current().pid());
        return succeeds("taskset", "--cpu-list", SERVER, "true")
                && succeeds("taskset", "--all-tasks", "--cpu-list", "--pid", GENERATOR, self);
    }

    private static boolean succeeds(String... command) throws IOException {
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException notThere) {
            return false;
        }
        try {
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException(interrupted);
        }
    }
}
