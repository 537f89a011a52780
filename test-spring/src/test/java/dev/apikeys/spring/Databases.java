package dev.apikeys.spring;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;

/** Databases for one application each; PostgreSQL is started once and ends with the process. */
enum Databases {
    H2 {
        @Override
        String url() {
            return "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
        }

        @Override
        String user() {
            return "sa";
        }
    },
    POSTGRESQL {
        @Override
        String url() {
            String name = "test_" + UUID.randomUUID().toString().replace("-", "");
            new JdbcTemplate(Postgres.SERVER.getPostgresDatabase()).execute("CREATE DATABASE " + name);
            return "jdbc:postgresql://localhost:" + Postgres.SERVER.getPort() + "/" + name;
        }

        @Override
        String user() {
            return "postgres";
        }
    };

    /** Of a database that is new and empty. */
    abstract String url();

    abstract String user();

    /** Started when it is asked for. */
    private static final class Postgres {
        static final EmbeddedPostgres SERVER = start();

        private Postgres() {}

        private static EmbeddedPostgres start() {
            try {
                return EmbeddedPostgres.start();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }
}
