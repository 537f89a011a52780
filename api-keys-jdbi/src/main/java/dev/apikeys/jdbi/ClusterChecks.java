package dev.apikeys.jdbi;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether a server of a Galera cluster answers from what all of its members have committed. Members commit in one order,
 * and each applies what the others committed a little later: a read that doesn't wait for that may be a read of the past.
 */
final class ClusterChecks {
    private static final String CHECK = "cluster";

    /** The bit of wsrep_sync_wait that makes SELECT wait. */
    private static final long READS = 1;

    private ClusterChecks() {}

    /** Empty unless the server belongs to a cluster. */
    static List<Finding> look(Probe probe, Database database) throws SQLException {
        if (database != Database.MARIADB || !isMember(probe)) {
            return List.of();
        }
        List<Finding> found = new ArrayList<>();
        if ((probe.number("SELECT @@SESSION.wsrep_sync_wait") & READS) == 0) {
            found.add(Finding.problem(
                    CHECK,
                    "the server belongs to a Galera cluster, and reads don't wait for changes made on its other members",
                    "add sessionVariables=wsrep_sync_wait=1 to the JDBC URL of every service, also to that of its"
                            + " feedDataSource"));
        }
        if (probe.number("SELECT @@SESSION.wsrep_dirty_reads") == 1) {
            found.add(Finding.problem(
                    CHECK,
                    "wsrep_dirty_reads is on: a member that is cut off from its cluster answers with what it had",
                    "set wsrep_dirty_reads = OFF in the server's configuration and in the JDBC URL"));
        }
        if (found.isEmpty()) {
            found.add(Finding.ok(CHECK, "reads wait for changes made on other members of the Galera cluster"));
        }
        return found;
    }

    /** MySQL has no such variable, and neither has a MariaDB that was built without Galera. */
    private static boolean isMember(Probe probe) throws SQLException {
        return probe.connection().getMetaData().getDatabaseProductName().equals("MariaDB")
                && probe.text("SELECT VARIABLE_VALUE FROM information_schema.SESSION_VARIABLES"
                                + " WHERE VARIABLE_NAME = 'WSREP_ON'")
                        .equals("ON")
                && !probe.text("SELECT @@GLOBAL.wsrep_provider").equals("none");
    }
}
