package com.example.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.LeasePolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The arithmetic of the page about many nodes. It prints the rows, and the page must have them. */
class ManyNodesTest {
    private static final Path PAGE = Path.of("../../guide/many-nodes.md");
    private static final double POLLS_A_SECOND = 1 / seconds(LeasePolicy.DEFAULT.pollInterval());
    /** The median of one poll that finds nothing, in docs/reliability.md. */
    private static final double POLL_MILLIS = 0.03;

    private static final int MOST_POLLS_BY_HINTS = 40;
    private static final int POOL = 10;
    private static final int RELAYS = 2;
    private static final int RELAY_POLLS_A_SECOND = 10;
    private static final int MOST_RELAY_POLLS_BY_HINTS = 100;
    private static final long SECONDS_OF_A_DAY = 86_400;
    private static final int BYTES_OF_A_KEY = 200;
    private static final int STEPS_OF_A_CHECK = 60;
    private static final int MOST_IDS_OF_A_STEP = 2_000;
    private static final int IDS_OF_A_STATEMENT = 100;
    private static final int USAGE_SECONDS = 10;

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    private static String row(Object... cells) {
        StringBuilder row = new StringBuilder("|");
        for (Object cell : cells) {
            row.append(' ')
                    .append(cell instanceof Long number ? String.format(Locale.ROOT, "%,d", number) : cell)
                    .append(" |");
        }
        return row.toString();
    }

    private static void assertOnThePage(Stream<String> rows) throws IOException {
        List<String> computed = rows.toList();
        computed.forEach(System.out::println);
        assertThat(Files.readString(PAGE)).contains(String.join("\n", computed) + "\n");
    }

    @Test
    void pollsAndConnections() throws IOException {
        assertOnThePage(Stream.of(10L, 100L, 200L, 1_000L).map(nodes -> {
            long polls = Math.round(nodes * POLLS_A_SECOND);
            return row(
                    nodes,
                    polls,
                    String.format(Locale.ROOT, "%.1f %%", polls * POLL_MILLIS / 10),
                    nodes * (POOL + 1),
                    (long) RELAYS * RELAY_POLLS_A_SECOND,
                    nodes * POOL + RELAYS);
        }));
    }

    @Test
    void rowsAndHints() throws IOException {
        assertOnThePage(Stream.of(0.1, 1.0, 10.0, 100.0)
                .map(rate -> row(
                        rate < 1 ? "0.1" : String.valueOf(Math.round(rate)),
                        Math.round(rate * SECONDS_OF_A_DAY),
                        Math.round(Math.min(rate, MOST_POLLS_BY_HINTS) * 1_000),
                        Math.round(Math.ceil(Math.min(rate, MOST_RELAY_POLLS_BY_HINTS) * RELAYS)))));
    }

    @Test
    void keysInMemory() throws IOException {
        assertOnThePage(Stream.of(100_000L, 1_000_000L, 10_000_000L, 100_000_000L)
                .map(keys -> {
                    long idsOfAStep = Math.min(MOST_IDS_OF_A_STEP, keys / STEPS_OF_A_CHECK + 1);
                    long statements = (idsOfAStep + IDS_OF_A_STATEMENT - 1) / IDS_OF_A_STATEMENT;
                    long megabytes = keys * BYTES_OF_A_KEY / 1_000_000;
                    return row(
                            keys,
                            megabytes < 1_000 ? megabytes + " MB" : megabytes / 1_000 + " GB",
                            statements,
                            keys / USAGE_SECONDS);
                }));
    }

    @Test
    void trustForHops() throws IOException {
        Duration lagOfARelay = Duration.ofMillis(320);
        Duration poll = LeasePolicy.DEFAULT.pollInterval();
        Duration timeout = LeasePolicy.DEFAULT.pollTimeout();
        String page = Files.readString(PAGE);
        List<String> followed =
                List.of("the database", "a relay", "a relay of a relay", "a relay of a relay of a relay");
        for (int hops = 0; hops < followed.size(); hops++) {
            Duration lag = lagOfARelay.multipliedBy(hops);
            Duration least = Duration.ofMillis(500).plus(lag);
            assertThatCode(() ->
                            LeasePolicy.DEFAULT.timing(poll, timeout, least).requireTimeFor(lag))
                    .doesNotThrowAnyException();
            assertThatThrownBy(() -> LeasePolicy.DEFAULT
                            .timing(poll, timeout, least.minusMillis(1))
                            .requireTimeFor(lag))
                    .isInstanceOf(RuntimeException.class);
            assertThat(page).contains(row(followed.get(hops), least.toMillis() + " ms"));
        }
    }
}
