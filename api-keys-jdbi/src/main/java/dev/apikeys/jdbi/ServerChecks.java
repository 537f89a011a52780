package dev.apikeys.jdbi;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;

/** What kind of server it is, and what time it has. */
final class ServerChecks {
    /** More than this is worth a look: keys seem to expire early or late by it. */
    private static final Duration TOLERABLE_SKEW = Duration.ofSeconds(1);

    /** From here on a node contradicts the database; see the guide, "Several nodes". */
    private static final Duration BAD_SKEW = Duration.ofMinutes(1);

    private ServerChecks() {}

    static Finding version(Connection connection) throws SQLException {
        DatabaseMetaData server = connection.getMetaData();
        String product = server.getDatabaseProductName();
        String name = product + " " + server.getDatabaseProductVersion();
        int version = server.getDatabaseMajorVersion() * 100 + server.getDatabaseMinorVersion();
        int oldest = switch (product) {
            case "PostgreSQL" -> 1300;
            case "MariaDB" -> 1006;
            case "MySQL" -> 800;
            default -> 0;
        };
        return version >= oldest
                ? Finding.ok("database", name)
                : Finding.problem(
                        "database",
                        name + " is older than what the store is tested on",
                        "upgrade: PostgreSQL from 13, MariaDB from 10.6 and MySQL from 8.0 are supported");
    }

    static Finding encoding(Connection connection, Database database) throws SQLException {
        try {
            DatabaseTraits.requireUnicode(connection, database);
            return Finding.ok("database", "its encoding holds every name");
        } catch (IllegalStateException unfit) {
            return Finding.problem(
                    "database",
                    "its encoding can't hold every name",
                    "make a database in UTF-8 (MariaDB and MySQL: utf8mb4), and move the tables there");
        }
    }

    static Finding clock(Probe probe, Database database, Clock clock) throws SQLException {
        long before = clock.millis();
        long theirs = probe.number("SELECT " + database.now());
        long after = clock.millis();
        Duration skew = Duration.ofMillis(theirs < before ? theirs - before : Math.max(0, theirs - after));
        if (skew.abs().compareTo(TOLERABLE_SKEW) <= 0) {
            return Finding.ok("clock", "the database has the time of this machine");
        }
        String found = "the database's clock is " + skew.abs().toSeconds() + " s "
                + (skew.isNegative() ? "behind" : "ahead of") + " this machine's";
        String advice = "synchronise both machines by NTP; services decide by the database's clock";
        return skew.abs().compareTo(BAD_SKEW) <= 0
                ? Finding.warning("clock", found, advice)
                : Finding.problem("clock", found, advice);
    }
}
