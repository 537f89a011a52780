package dev.apikeys.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.cli.TestServers.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An import that is stopped as a process, and continued. Starting processes is slow, and knows no locale. */
@Tag("tr-skip")
class ImportStopTest {
    private static final int LINES = 8_000;
    private static final int BROKEN_EACH = 100;
    private static final int GOOD = LINES - LINES / BROKEN_EACH;

    private final Random random = new Random();
    private TestDatabase database;
    private Path file;
    private Path messages;

    @TempDir
    private Path directory;

    @BeforeEach
    void writeFile() throws Exception {
        database = TestServers.postgres();
        new CommandRun(database.url(), database.user()).ok("schema", "create");
        messages = directory.resolve("messages");
        List<String> lines = new ArrayList<>(List.of("lookup,hash,user,name,mode"));
        for (int i = 1; i <= LINES; i++) {
            String hash = ForeignForm.SANCTUM.sample(i, random).hash();
            lines.add(i % BROKEN_EACH == 0 ? "broken" : i + "," + hash + ",u" + i + ",name,read");
        }
        file = Files.write(directory.resolve("keys.csv"), lines);
    }

    @AfterEach
    void dropTables() {
        database.close();
    }

    private Process start() throws Exception {
        return start(database.url());
    }

    private Process start(String url) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(ProcessTest.java("import", file.toString(), "--form", "sanctum", "--json"));
        builder.environment().put("APIKEYS_DB_URL", url);
        builder.environment().put("APIKEYS_DB_USER", database.user());
        builder.environment().put("APIKEYS_DB_PASSWORD", "");
        return builder.redirectOutput(directory.resolve("out").toFile())
                .redirectError(messages.toFile())
                .start();
    }

    private long keys() {
        return Long.parseLong(database.value("SELECT COUNT(*) FROM api_key"));
    }

    /** Waits until the process has imported more, anywhere in a batch. */
    private long somewhere(Process process, long before) {
        long target = before + random.nextInt(GOOD / 10);
        assertThat(TestServers.await(() -> keys() > target || !process.isAlive()))
                .isTrue();
        return keys();
    }

    private void assertContinued() throws Exception {
        Process last = start();
        assertThat(last.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(last.exitValue()).isEqualTo(Exit.INCOMPLETE.code());
        assertThat(Files.readString(messages)).contains("of " + LINES + " lines", LINES - GOOD + " refused");
        assertThat(keys()).isEqualTo(GOOD);
        assertThat(database.value("SELECT COUNT(DISTINCT public_id) FROM api_key_credential"))
                .isEqualTo("" + GOOD);
        assertThat(database.value("SELECT COUNT(DISTINCT user_id) FROM api_key"))
                .isEqualTo("" + GOOD);
        assertThat(database.value("SELECT COUNT(*) FROM api_key_audit")).isEqualTo("" + GOOD);
    }

    private void killAndContinue(int times) throws Exception {
        int stopped = 0;
        long before = 0;
        for (int i = 0; i < times; i++) {
            Process process = start();
            before = somewhere(process, before);
            stopped += process.isAlive() ? 1 : 0;
            process.destroyForcibly().waitFor();
        }
        assertThat(stopped).isPositive();
        assertContinued();
    }

    @Test
    void killedImport_isContinued() throws Exception {
        killAndContinue(2);
    }

    @Test
    @Tag("endurance")
    void importThatIsKilledTwentyTimes_isContinued() throws Exception {
        killAndContinue(20);
    }

    @Test
    void interruptedImport_saysHowToGoOn_andIsContinued() throws Exception {
        Process process = start();
        somewhere(process, 0);
        assertThat(process.isAlive()).isTrue();

        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(Exit.INTERRUPTED.code());
        assertThat(Files.readString(messages)).contains("Interrupted. Run the same command again");
        assertContinued();
    }

    @Test
    void databaseThatGoesAway_isSaid_andTheImportIsContinued() throws Exception {
        Process process;
        try (SlowLine line = SlowLine.before(database, Duration.ZERO)) {
            process = start(line.over(database.url()));
            somewhere(process, 0);
        }

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(Exit.UNAVAILABLE.code());
        assertThat(Files.readString(messages)).startsWith("Error: ").contains("is the database running?");
        assertContinued();
    }
}
