package dev.apikeys.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the person reads who started the example in a way that can't work. */
class StartTest {
    private static final Settings SETTINGS =
            Settings.inDirectory(Path.of("never-used")).onPort(0).database("jdbc:h2:mem:" + UUID.randomUUID());

    @Test
    void takenPort_isNamedInOneLine() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            startFails(SETTINGS.onPort(other.getLocalPort()))
                    .withMessageContaining("Port " + other.getLocalPort())
                    .withMessageContaining("-Dport=");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdbc:nonsense:x?password=hush", "jdbc:h2:mem:none;IFEXISTS=TRUE;PASSWORD=hush"})
    void unusableDatabase_isNamedInOneLineWithoutPassword(String url) {
        startFails(SETTINGS.database(url)).withMessageStartingWith("Can't open the database jdbc:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "http", "-1", "65536", "8080 "})
    void port_thatIsNone_isNamedInOneLine(String port) {
        assertThatExceptionOfType(CannotStartException.class)
                .isThrownBy(() -> Settings.port(port))
                .withMessage("-Dport is a number from 0 to 65535, not \"" + port + "\".");
    }

    /** What the guide says that a pool must be told, in "Databases". */
    @Test
    void pool_hasTheBoundsOfTheGuide() throws Exception {
        HikariConfig postgres = new HikariConfig();
        postgres.setJdbcUrl("jdbc:postgresql://localhost/keys");
        HikariConfig mariaDb = new HikariConfig();
        mariaDb.setJdbcUrl("jdbc:mariadb://localhost/keys");

        assertThat(Database.boundWaits(postgres).getConnectionTimeout()).isEqualTo(2_000);
        assertThat(postgres.getDataSourceProperties())
                .containsOnly(entry("loginTimeout", "1"), entry("connectTimeout", "1"), entry("socketTimeout", "10"));
        assertThat(Database.boundWaits(mariaDb).getDataSourceProperties())
                .containsOnly(entry("connectTimeout", "1000"), entry("socketTimeout", "10000"));
        try (HikariDataSource pool = Database.open(SETTINGS)) {
            assertThat(pool.getConnectionTimeout()).isEqualTo(2_000);
            assertThat(pool.getValidationTimeout()).isEqualTo(1_000);
        }
    }

    private static ThrowableAssertAlternative<CannotStartException> startFails(Settings settings) {
        return assertThatExceptionOfType(CannotStartException.class)
                .isThrownBy(() -> Quickstart.start(settings).close())
                .satisfies(failure ->
                        assertThat(failure.getMessage()).doesNotContain("\n").doesNotContain("hush"));
    }
}
