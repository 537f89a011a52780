package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What becomes of noted usage while the store is away for so long that the notes overflow. */
class ClusterUsageTest {
    private static final int ROOM = 100_000;

    @Test
    void use_thatFoundNoRoom_isNotedTheNextTime() {
        ClusterFaults faults = new ClusterFaults();
        Counters counters = new Counters();
        WriteBehind writeBehind = new WriteBehind(faults.between(new InMemoryApiKeyStore()), counters);
        List<UsageCell> cells = new ArrayList<>();
        for (int i = 0; i < ROOM + 1; i++) {
            cells.add(new UsageCell(new UUID(0, i)));
            writeBehind.noteUse(cells.get(i), 1, null);
        }
        assertThat(counters.dropped.sum()).isEqualTo(1);
        writeBehind.flush();
        assertThat(counters.usesWritten.sum()).isEqualTo(ROOM);

        writeBehind.noteUse(cells.get(ROOM), 2, null);
        writeBehind.flush();

        assertThat(counters.usesWritten.sum()).isEqualTo(ROOM + 1);
    }

    @Test
    void uses_ofMoreAndMoreKeysDuringAnOutage_areKeptInBounds() {
        ClusterFaults faults = new ClusterFaults();
        Counters counters = new Counters();
        WriteBehind writeBehind = new WriteBehind(faults.between(new InMemoryApiKeyStore()), counters);
        faults.cutOff();
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < ROOM; i++) {
                writeBehind.noteUse(new UsageCell(new UUID(round, i)), 1, null);
            }
            assertThatThrownBy(writeBehind::flush).isInstanceOf(StoreUnavailableException.class);
        }
        assertThat(counters.dropped.sum()).isEqualTo(2 * ROOM);

        faults.reconnect();
        writeBehind.flush();

        assertThat(counters.usesWritten.sum()).isEqualTo(ROOM);
    }
}
