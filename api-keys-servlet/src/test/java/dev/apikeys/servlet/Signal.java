package dev.apikeys.servlet;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Stops and continues processes that a test started. */
enum Signal {
    STOP,
    CONT;

    /** Sends it to a process and to all that it started. */
    void to(ProcessHandle process) throws IOException, InterruptedException {
        List<String> command = Stream.concat(
                        Stream.of("kill", "-" + name()),
                        Stream.concat(Stream.of(process), process.descendants()).map(each -> Long.toString(each.pid())))
                .collect(Collectors.toList());
        Process sent = new ProcessBuilder(command).inheritIO().start();
        if (!sent.waitFor(10, TimeUnit.SECONDS) || sent.exitValue() != 0) {
            throw new IOException("not sent: " + command);
        }
    }

    /** A port that was free a moment ago. */
    static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }
}
