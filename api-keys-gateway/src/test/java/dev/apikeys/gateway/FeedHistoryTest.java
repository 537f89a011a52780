package dev.apikeys.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.Owner;
import dev.apikeys.gateway.FeedHistory.Missed;
import dev.apikeys.spi.ChangeBatch;
import dev.apikeys.spi.ChangeBatch.Change;
import dev.apikeys.spi.ChangeBatch.Change.OfCredential;
import dev.apikeys.spi.ChangeBatch.Change.OfOwners;
import dev.apikeys.spi.ChangeBatch.Continuity;
import dev.apikeys.spi.FeedPosition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Batches of a feed, put together for readers who missed several. */
class FeedHistoryTest {
    private final FeedHistory history = new FeedHistory(FeedHistory.MAX_POSITIONS);

    private static FeedPosition at(long epoch) {
        return new FeedPosition("one", epoch, epoch * 7);
    }

    private static FeedPosition at(long epoch, String witness) {
        return new FeedPosition("one", epoch, epoch * 7, witness);
    }

    private void add(FeedPosition end, Continuity continuity, Change... changes) {
        history.add(new ChangeBatch(end, continuity, List.of(changes), null));
    }

    private void add(FeedPosition end, Change... changes) {
        add(end, Continuity.CONTINUOUS, changes);
    }

    @Test
    void reader_ofSeveralBatches_getsThemInTheirOrder() {
        add(at(1));
        add(at(2), new OfCredential("b"));
        add(at(4), new OfCredential("c"), new OfCredential("d"));

        assertThat(history.after(at(1)))
                .isEqualTo(new Missed(
                        at(4),
                        Continuity.CONTINUOUS,
                        List.of(new OfCredential("b"), new OfCredential("c"), new OfCredential("d"))));
        assertThat(history.after(at(2)).changes()).containsExactly(new OfCredential("c"), new OfCredential("d"));
        assertThat(history.after(at(4))).isEqualTo(new Missed(at(4), Continuity.CONTINUOUS, List.of()));
        assertThat(history.after(at(3))).as("never read, so not known").isNull();
        assertThat(history.after(null)).isEqualTo(new Missed(at(4), Continuity.CONTINUOUS, List.of()));
    }

    @Test
    void firstBatch_hasNoPast() {
        assertThat(history.after(null)).isNull();
        add(at(5), new OfCredential("a"));
        assertThat(history.after(at(5)).changes()).isEmpty();
    }

    @Test
    void witness_movesWithoutAChange() {
        add(at(1, "x"));
        add(at(1, "y"));
        assertThat(history.isBehind(at(1, "x"))).isFalse();
        assertThat(history.after(at(1, "x"))).isEqualTo(new Missed(at(1, "y"), Continuity.CONTINUOUS, List.of()));
    }

    @Test
    void gapOrRewind_onTheWay_isWhatTheReaderIsTold() {
        add(at(1));
        add(at(2), new OfCredential("b"));
        add(at(90), Continuity.GAP);
        add(at(91), new OfCredential("c"));
        assertThat(history.after(at(2))).isEqualTo(new Missed(at(91), Continuity.GAP, List.of()));
        add(at(50), Continuity.REWOUND);
        add(at(92), Continuity.GAP);
        add(at(93), new OfCredential("d"));
        assertThat(history.after(at(1))).isEqualTo(new Missed(at(93), Continuity.REWOUND, List.of()));
        assertThat(history.after(at(50)).continuity()).isEqualTo(Continuity.GAP);
        assertThat(history.after(at(92)).continuity()).isEqualTo(Continuity.CONTINUOUS);
    }

    @Test
    void rewindToAPositionThatWasReadBefore_isToldOnce() {
        add(at(1));
        add(at(2), new OfCredential("b"));
        add(at(1), Continuity.REWOUND);
        assertThat(history.after(at(2)).continuity()).isEqualTo(Continuity.REWOUND);
        assertThat(history.after(at(1))).isEqualTo(new Missed(at(1), Continuity.CONTINUOUS, List.of()));
    }

    @Test
    void readerAheadOfTheHead_staysWhereItIs_andMissesNothingLater() {
        add(at(1));
        history.remember(at(3));
        assertThat(history.after(at(3))).isEqualTo(new Missed(at(3), Continuity.CONTINUOUS, List.of()));
        add(at(4), new OfCredential("b"), new OfCredential("c"), new OfCredential("d"));
        assertThat(history.after(at(3)).changes())
                .as("what it knows is told again, and nothing is left out")
                .containsExactly(new OfCredential("b"), new OfCredential("c"), new OfCredential("d"));
    }

    @Test
    void readerFarBehind_readsInParts_eachWithProgress() {
        add(at(1));
        List<Change> all = new ArrayList<>();
        int each = 2_000;
        for (int batch = 0; batch < 8; batch++) {
            String letter = "x".repeat(100) + batch;
            List<Change> changes = Collections.nCopies(each, new OfOwners(Owner.user(letter)));
            history.add(new ChangeBatch(at(2 + batch), Continuity.CONTINUOUS, changes, null));
            all.addAll(changes);
        }
        List<Change> read = new ArrayList<>();
        FeedPosition position = at(1);
        Missed missed;
        int parts = 0;
        do {
            missed = history.after(position);
            assertThat(FeedHistory.weight(missed.changes())).isLessThanOrEqualTo(FeedHistory.MAX_WEIGHT);
            read.addAll(missed.changes());
            position = missed.position();
            parts++;
        } while (missed.continuity() == Continuity.PARTIAL);
        assertThat(read).isEqualTo(all);
        assertThat(parts).isEqualTo(3);
    }

    @Test
    void batchThatIsTooMuchForOneAnswer_isAGap() {
        add(at(1));
        history.add(new ChangeBatch(
                at(2), Continuity.PARTIAL, Collections.nCopies(30_000, new OfCredential("a".repeat(24))), null));
        assertThat(history.after(at(1))).isEqualTo(new Missed(at(2), Continuity.GAP, List.of()));
    }

    @Test
    void history_forgetsTheOldest() {
        FeedHistory small = new FeedHistory(2);
        for (int epoch = 1; epoch <= 3; epoch++) {
            small.add(new ChangeBatch(at(epoch), Continuity.CONTINUOUS, List.of(new OfCredential("a")), null));
        }
        assertThat(small.after(at(1))).isNull();
        assertThat(small.after(at(2)).changes()).hasSize(1);

        add(at(0));
        for (int epoch = 1; epoch <= 5_000; epoch++) {
            add(at(epoch), new OfCredential("a"));
        }
        assertThat(history.after(at(5_000 - 4_097)))
                .as("the batches behind it are dropped")
                .isNull();
        assertThat(history.after(at(5_000 - 4_096)).changes()).hasSize(4_096);
    }
}
