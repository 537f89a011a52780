package dev.apikeys.spring;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.UUID;

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
            return Postgres.SERVER.getJdbcUrl("postgres", "postgres");
        }

        @Override
        String user() {
            return "postgres";
        }
    };

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
