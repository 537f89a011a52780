package dev.apikeys.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each exit code, made once. {@code ProcessTest} and {@code ImportStopTest} see 130, of a process. */
class ExitTest {
    private final CommandRun cli = new TestDatabaseInMemory().cli();
    private final Set<Exit> seen = EnumSet.noneOf(Exit.class);

    @TempDir
    private Path directory;

    private void assertEnds(Exit exit, String... command) {
        assertEnds(cli, exit, command);
    }

    private void assertEnds(CommandRun with, Exit exit, String... command) {
        assertThat(with.run(command).code()).as(String.join(" ", command)).isEqualTo(exit.code());
        seen.add(exit);
    }

    @Test
    void eachCode_isThatOfItsReason() throws IOException {
        Path broken = Files.writeString(directory.resolve("keys.csv"), "lookup,hash,user,name,mode\nbroken\n");
        assertEnds(Exit.UNFIT, "list");
        assertEnds(Exit.UNFIT, "schema", "status");
        assertEnds(Exit.UNFIT, "doctor");
        assertEnds(Exit.OK, "schema", "create");
        assertEnds(Exit.OK, "schema", "upgrade");
        String[] issue = {"issue", "--for-user", "alice", "--name", "n", "--mode", "read", "--max-keys", "1"};
        assertEnds(Exit.OK, issue);
        assertEnds(Exit.REFUSED, issue);
        assertEnds(Exit.USAGE);
        assertEnds(Exit.USAGE, "issue");
        assertEnds(Exit.USAGE, "schema");
        assertEnds(Exit.NOT_FOUND, "show", "myk_000000000000000000000000");
        assertEnds(Exit.INCOMPLETE, "import", broken.toString(), "--form", "sanctum");
        assertEnds(Exit.NOT_CONFIRMED, "revoke", "--for-user", "alice");
        assertEnds(Exit.NOT_CONFIRMED, "purge");
        assertEnds(new CommandRun("jdbc:postgresql://localhost:1/a", "a"), Exit.UNAVAILABLE, "list");
        assertEnds(new CommandRun("jdbc:mariadb://localhost:1/a", "a"), Exit.UNAVAILABLE, "doctor");
        assertEnds(cli.into(MessageTest::closed), Exit.UNWRITTEN, "list");
        assertEnds(cli, Exit.FAILED, "issue", "--for-user", "bob", "--name", "n", "--mode", "read");

        assertThat(seen).isEqualTo(EnumSet.complementOf(EnumSet.of(Exit.INTERRUPTED)));
    }
}
