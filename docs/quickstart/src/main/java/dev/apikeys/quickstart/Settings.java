package dev.apikeys.quickstart;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What can be set when the example is started.
 *
 * @param port on 127.0.0.1; 0 for any free one
 * @param usageInterval how often {@code last_used_at} is written
 */
record Settings(
        int port,
        String jdbcUrl,
        @Nullable String jdbcUser,
        @Nullable String jdbcPassword,
        Duration usageInterval) {
    /** A database in this directory, kept when the example stops. */
    static Settings inDirectory(Path directory) {
        // The example closes the database itself, after its last write. No file of errors beside it: the first start
        // asks for tables that aren't there yet.
        String url = "jdbc:h2:file:" + directory.resolve("quickstart").toAbsolutePath()
                + ";DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0";
        return new Settings(8080, url, null, null, Duration.ofSeconds(10));
    }

    /**
     * Reads {@code port}, {@code jdbc.url}, {@code jdbc.user} and {@code jdbc.password}.
     *
     * @throws CannotStartException when the port is no port
     */
    static Settings fromSystemProperties() throws CannotStartException {
        Settings usual = inDirectory(Path.of(System.getProperty("quickstart.directory", "target")));
        return new Settings(
                port(System.getProperty("port", String.valueOf(usual.port))),
                System.getProperty("jdbc.url", usual.jdbcUrl),
                System.getProperty("jdbc.user"),
                System.getProperty("jdbc.password"),
                usual.usageInterval);
    }

    Settings onPort(int newPort) {
        return new Settings(newPort, jdbcUrl, jdbcUser, jdbcPassword, usageInterval);
    }

    Settings writingUsageEvery(Duration interval) {
        return new Settings(port, jdbcUrl, jdbcUser, jdbcPassword, interval);
    }

    Settings database(String url) {
        return new Settings(port, url, jdbcUser, jdbcPassword, usageInterval);
    }

    /** The database URL without its parameters, which may contain passwords. */
    String database() {
        return jdbcUrl.split("[?;]", 2)[0];
    }

    static int port(String text) throws CannotStartException {
        try {
            int port = Integer.parseInt(text);
            if (port >= 0 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException noNumber) {
            // Told below.
        }
        throw new CannotStartException("-Dport is a number from 0 to 65535, not \"" + text + "\".");
    }

    /** Leaves the password out. */
    @Override
    public String toString() {
        return "port " + port + ", " + database();
    }
}
