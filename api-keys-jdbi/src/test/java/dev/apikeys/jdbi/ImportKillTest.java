package dev.apikeys.jdbi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.KeyService;
import dev.apikeys.Verification;
import java.io.BufferedReader;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An import that is killed again and again, and started again from the beginning, loses no key and has none twice. */
// The databases know nothing of the locale, and H2 alone does for the rest.
@Tag("tr-skip")
@ExtendWith(Figures.class)
class ImportKillTest {
    private static final int ROWS = 10_000;
    private static final int BATCH = 100;

    @ParameterizedTest
    @EnumSource(names = "POSTGRESQL")
    void importKilledAndContinued_hasEachKeyOnce(DatabaseServer server, Figures figures) throws Exception {
        killAndContinue(server, 3, figures);
    }

    @Tag("endurance")
    @ParameterizedTest
    @EnumSource(names = "H2", mode = EnumSource.Mode.EXCLUDE)
    void importKilledTwentyTimesAndContinued_hasEachKeyOnce(DatabaseServer server, Figures figures) throws Exception {
        killAndContinue(server, 20, figures);
    }

    private static void killAndContinue(DatabaseServer server, int kills, Figures figures) throws Exception {
        Random random = new Random(17);
        try (TestDatabase database = server.newDatabase()) {
            database.store(1);
            for (int kill = 0; kill < kills; kill++) {
                killAfter(database, ROWS * (kill + 1) / (kills + 1), random);
            }
            assertThat(database.number("SELECT COUNT(*) FROM api_key")).isBetween(1L, (long) ROWS);
            Process last = ImportProcess.start(database, ROWS, BATCH);
            String report = last.inputReader(UTF_8).lines().reduce("", (before, line) -> line);
            assertThat(last.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(report).startsWith("done ").endsWith(" 0");

            assertThat(database.number("SELECT COUNT(*) FROM api_key")).isEqualTo(ROWS);
            assertThat(database.number("SELECT COUNT(*) FROM api_key_credential"))
                    .isEqualTo(ROWS);
            assertThat(database.number("SELECT COUNT(DISTINCT key_id) FROM api_key_credential"))
                    .isEqualTo(ROWS);
            assertThat(database.number("SELECT COUNT(*) FROM api_key_audit")).isEqualTo(ROWS);
            assertThat(database.number("SELECT COUNT(*) FROM api_key_owner")).isEqualTo(ROWS / 5);
            figures.count("import killed: tokens that are not accepted", server, ROWS, rejected(database));
        }
    }

    /** kill -9 at some moment after this line was committed. */
    private static void killAfter(TestDatabase database, int line, Random random) throws Exception {
        Process importing = ImportProcess.start(database, ROWS, BATCH);
        try (BufferedReader progress = importing.inputReader(UTF_8)) {
            String said = progress.readLine();
            while (said != null && said.startsWith("lines ") && Integer.parseInt(said.substring(6)) < line) {
                said = progress.readLine();
            }
            LockSupport.parkNanos(random.nextInt(10_000_000));
            importing.destroyForcibly();
            importing.waitFor(10, TimeUnit.SECONDS);
        }
    }

    private static long rejected(TestDatabase database) {
        long rejected = 0;
        try (KeyService keys = KeyService.builder(database.store(2))
                .tokenFormat(ImportProcess.format())
                .build()) {
            for (int row = 0; row < ROWS; row++) {
                if (!(keys.verify(ImportProcess.token(row)) instanceof Verification.Accepted)) {
                    rejected++;
                }
            }
        }
        return rejected;
    }
}
