package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.OwnerView.Known;
import dev.apikeys.spi.OwnerDirectory;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A state is given with its own age, or not at all, whatever other threads do. */
@Tag("tr-skip") // Numbers know no locale.
class OwnerViewTest {
    private static final int VIEWS = 32;
    private static final int CHANGES = 50_000;
    private static final long NOW = 10_000_000;
    private static final Owner ALICE = Owner.user("alice", "org_1");

    private final OwnerView view = new OwnerView(ALICE);
    private final OwnerDirectory.State active = OwnerDirectory.State.active(Scopes.NONE);
    private final OwnerDirectory.State inactive = OwnerDirectory.State.inactive();

    private static void keep(OwnerView in, OwnerDirectory.State state, long nanos) {
        in.keep(new Known(in, in.changes(), state, new Moment(nanos, 0)));
    }

    @Test
    void state_isGivenUpToTheAge_andUntilAChange() {
        assertThat(view.state(Long.MAX_VALUE, NOW, 0)).as("nothing is known").isNull();
        keep(view, active, NOW - 10);

        assertThat(view.state(10, NOW, 0)).isSameAs(active);
        assertThat(view.state(9, NOW, 0)).isNull();
        assertThat(view.state(10, NOW, 1)).as("by the wall clock").isNull();

        view.changed();

        assertThat(view.state(Long.MAX_VALUE, NOW, 0)).isNull();
        assertThat(view.known()).isNull();
    }

    @Test
    void state_thatWasAskedForBeforeAChange_isNotKept() {
        Known before = new Known(view, view.changes(), active, new Moment(NOW, 0));
        view.changed();
        keep(view, inactive, NOW);

        view.keep(before);

        assertThat(view.state(0, NOW, 0)).isSameAs(inactive);
    }

    /**
     * Every second state is old and active, every other one new and inactive. An object that lies in one line of the
     * processor's cache is hardly ever seen half written, so there are many objects.
     */
    @Test
    void state_isNeverGivenWithTheAgeOfALaterOne() {
        for (int i = 0; i < VIEWS; i++) {
            OwnerView one = new OwnerView(ALICE);
            CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
                for (int change = 0; change < CHANGES; change++) {
                    keep(one, active, 0);
                    keep(one, inactive, NOW);
                }
            });
            boolean wasActiveAndYoung = false;
            while (!writer.isDone()) {
                OwnerDirectory.State young = one.state(NOW / 2, NOW, 0);
                wasActiveAndYoung |= young != null && young.isActive();
            }
            writer.join();

            assertThat(wasActiveAndYoung).isFalse();
            assertThat(one.state(0, NOW, 0)).isSameAs(inactive);
        }
    }
}
