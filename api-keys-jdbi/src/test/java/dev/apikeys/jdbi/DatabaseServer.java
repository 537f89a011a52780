package dev.apikeys.jdbi;

import java.util.UUID;

/** The databases that the store is tested on. */
enum DatabaseServer {
    /** In memory. */
    H2 {
        @Override
        TestDatabase newDatabase() {
            return new TestDatabase("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "sa", "", "SHUTDOWN");
        }
    },

    /** PostgreSQL 17; the database of a test is a schema. */
    POSTGRESQL {
        @Override
        TestDatabase newDatabase() throws Exception {
            String name = newName();
            String url = "jdbc:postgresql://localhost:" + RunningServers.postgresPort() + "/postgres?currentSchema=";
            new TestDatabase(url, "postgres", "", "").execute("CREATE SCHEMA " + name);
            return new TestDatabase(url + name, "postgres", "", "DROP SCHEMA " + name + " CASCADE");
        }
    },

    /** MariaDB 11.4. */
    MARIADB {
        @Override
        TestDatabase newDatabase() throws Exception {
            String name = newName();
            String url = "jdbc:mariadb://localhost:" + RunningServers.mariaDbPort() + "/";
            new TestDatabase(url, "admin", "", "").execute("CREATE DATABASE " + name);
            return new TestDatabase(url + name, "admin", "", "DROP DATABASE " + name);
        }
    };

    /** A fresh, empty database; the test is skipped where there is no server for the platform. */
    abstract TestDatabase newDatabase() throws Exception;

    private static String newName() {
        return "t" + UUID.randomUUID().toString().replace("-", "").substring(0, 20);
    }
}
