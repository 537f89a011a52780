package dev.apikeys.jdbi;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Whether a committed change survives a crash. */
final class DurabilityChecks {
    private static final String CHECK = "durability";

    private DurabilityChecks() {}

    static List<Finding> look(Probe probe, Database database) throws SQLException {
        List<Finding> found = new ArrayList<>(
                switch (database) {
                    case H2 -> ofH2(probe);
                    case POSTGRESQL -> ofPostgres(probe);
                    case MARIADB -> ofMariaDb(probe);
                });
        if (found.isEmpty()) {
            found.add(Finding.ok(CHECK, "a committed change survives a crash"));
        }
        return found;
    }

    private static List<Finding> ofPostgres(Probe probe) throws SQLException {
        List<Finding> found = new ArrayList<>();
        if (probe.text("SHOW fsync").equals("off")) {
            found.add(Finding.problem(
                    CHECK,
                    "fsync is off: a crash of the machine loses keys and revocations, or the whole database",
                    "set fsync = on in postgresql.conf and reload it"));
        }
        if (probe.text("SHOW full_page_writes").equals("off")) {
            found.add(Finding.problem(
                    CHECK,
                    "full_page_writes is off: a crash of the machine may destroy pages",
                    "set full_page_writes = on in postgresql.conf and reload it"));
        }
        if (probe.text("SHOW synchronous_commit").equals("off")) {
            found.add(Finding.warning(
                    CHECK,
                    "synchronous_commit is off: the store switches it on for its own transactions, your application doesn't",
                    "set synchronous_commit = on for this database or user"));
        }
        return found;
    }

    private static List<Finding> ofMariaDb(Probe probe) throws SQLException {
        List<Finding> found = new ArrayList<>();
        String flush = probe.text("SELECT @@GLOBAL.innodb_flush_log_at_trx_commit");
        if (!flush.equals("1")) {
            found.add(Finding.problem(
                    CHECK,
                    "innodb_flush_log_at_trx_commit is " + flush
                            + ": a crash loses the keys and revocations of the last second",
                    "set innodb_flush_log_at_trx_commit = 1 in the server's configuration"));
        }
        boolean logged = probe.number("SELECT @@GLOBAL.log_bin") == 1;
        if (logged && probe.number("SELECT @@GLOBAL.sync_binlog") != 1) {
            found.add(Finding.warning(
                    CHECK,
                    "sync_binlog is not 1: after a crash of the machine replicas may lack committed changes",
                    "set sync_binlog = 1 in the server's configuration"));
        }
        return found;
    }

    private static List<Finding> ofH2(Probe probe) throws SQLException {
        if (probe.text("SELECT COALESCE(DATABASE_PATH(), '')").isEmpty()) {
            return List.of(Finding.warning(
                    CHECK,
                    "H2 keeps this database in memory: it ends with its process",
                    "use a database in a file or on a server, except for tests"));
        }
        boolean mayCheckpoint = probe.text(
                        "SELECT is_admin FROM information_schema.users WHERE user_name = CURRENT_USER")
                .equals("TRUE");
        String delay =
                probe.text("SELECT setting_value FROM information_schema.settings WHERE setting_name = 'WRITE_DELAY'");
        return mayCheckpoint || delay.equals("0")
                ? List.of()
                : List.of(Finding.problem(
                        CHECK,
                        "WRITE_DELAY is " + delay + " ms, and this user may not make H2 write",
                        "as an administrator run SET WRITE_DELAY 0"));
    }
}
