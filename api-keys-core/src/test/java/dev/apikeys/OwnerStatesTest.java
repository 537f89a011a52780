package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.OwnerView.Known;
import dev.apikeys.spi.OwnerDirectory;
import dev.apikeys.testkit.SettableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is known of an owner: for how long, and what a change does to it. */
class OwnerStatesTest {
    private static final Duration MAX_AGE = Duration.ofSeconds(10);
    private static final Duration NANO = Duration.ofNanos(1);
    private static final Owner ALICE = Owner.user("alice", "org_1");
    private static final Owner BOB = Owner.user("bob", "org_1");

    private final SettableClock clock = new SettableClock();
    private final List<Owner> asked = new ArrayList<>();
    private final List<Runnable> whileAsking = new ArrayList<>();
    private final OwnerStates states = states(MAX_AGE);

    private OwnerStates states(Duration maxAge) {
        return new OwnerStates(this::stateOf, maxAge, this::now, Duration.ofSeconds(5));
    }

    /** An equal state each time, and never the same object. */
    private OwnerDirectory.State stateOf(Owner owner) {
        asked.add(owner);
        whileAsking.forEach(Runnable::run);
        return OwnerDirectory.State.active(Scopes.parse("read:a read:b"));
    }

    private Moment now() {
        return new Moment(clock.ticker().getAsLong(), clock.millis());
    }

    private Known known(OwnerView view) {
        return states.known(view, now().nanos(), now().wallMillis());
    }

    @Test
    void state_isKnownUntilItIsAsOldAsAllowed() {
        OwnerView view = states.viewOf(ALICE);
        assertThat(known(view)).isNull();
        Known read = states.read(view, null);
        clock.advance(MAX_AGE.minus(NANO));
        assertThat(known(view)).isEqualTo(read);
        clock.advance(NANO);
        assertThat(known(view)).isNull();
    }

    @Test
    void state_isAsOldAsTheQuestion() {
        whileAsking.add(() -> clock.advance(Duration.ofSeconds(3)));
        Moment before = now();

        Known read = states.read(states.viewOf(ALICE), null);

        assertThat(read.asked()).isEqualTo(before);
    }

    @Test
    void state_thatTheCallerFindsTooOld_isReadAgain_andAnotherOneIsTaken() {
        OwnerView view = states.viewOf(ALICE);
        Known first = states.read(view, null);
        assertThat(states.read(view, null)).as("read by another thread since").isEqualTo(first);
        assertThat(asked).hasSize(1);
        clock.advance(NANO);

        Known second = states.read(view, first);

        assertThat(asked).hasSize(2);
        assertThat(second).isNotEqualTo(first);
        assertThat(known(view)).isEqualTo(second);
        assertThat(states.read(view, first)).isEqualTo(second);
        assertThat(asked).hasSize(2);
    }

    @Test
    void state_whereEachRequestAsks_isKeptByNone() {
        OwnerStates always = states(Duration.ZERO);
        OwnerView view = always.viewOf(ALICE);
        always.read(view, null);
        always.read(view, null);
        assertThat(asked).hasSize(2);
        assertThat(always.known(view, now().nanos(), now().wallMillis())).isNull();
    }

    @Test
    void change_ofAnOwner_isForgottenWithItsKeysOnly() {
        Known alice = states.read(states.viewOf(ALICE), null);
        Known bob = states.read(states.viewOf(BOB), null);

        states.forget(List.of(ALICE));

        assertThat(alice.isCurrent()).isFalse();
        assertThat(known(states.viewOf(ALICE))).isNull();
        assertThat(bob.isCurrent()).isTrue();
        assertThat(known(states.viewOf(BOB))).isEqualTo(bob);

        states.forgetAll();

        assertThat(bob.isCurrent()).isFalse();
        assertThat(known(states.viewOf(BOB))).isNull();
        assertThat(alice.view()).isSameAs(states.viewOf(ALICE));
    }

    @Test
    void change_whileTheDirectoryIsAsked_makesTheAnswerOldAtOnce() {
        OwnerView view = states.viewOf(ALICE);
        whileAsking.add(() -> states.forget(List.of(ALICE)));

        Known read = states.read(view, null);

        assertThat(read.isCurrent()).isFalse();
        assertThat(known(view)).isNull();
    }

    @Test
    void states_thatAreEqual_areOneObject() {
        Known alice = states.read(states.viewOf(ALICE), null);
        assertThat(states.read(states.viewOf(BOB), null).state()).isSameAs(alice.state());
    }

    @Test
    void change_selectsOwnersByThePartsThatItHas() {
        Owner inWorkspace = new Owner("alice", "org_1", "ws_1");
        Owner elsewhere = Owner.user("alice", "org_2");
        List<Owner> all = List.of(ALICE, BOB, inWorkspace, elsewhere, Owner.organization("org_1"));

        assertThat(selected(all, Owner.user("alice"))).containsExactly(ALICE, inWorkspace, elsewhere);
        assertThat(selected(all, Owner.organization("org_1")))
                .containsExactly(ALICE, BOB, inWorkspace, Owner.organization("org_1"));
        assertThat(selected(all, ALICE)).containsExactly(ALICE, inWorkspace);
        assertThat(selected(all, inWorkspace)).containsExactly(inWorkspace);
        assertThat(selected(all, Owner.organization("org_2"), Owner.user("bob")))
                .containsExactly(BOB, elsewhere);
        assertThat(selected(all, Owner.user("carol"), new Owner(null, "org_1", "ws_2")))
                .isEmpty();
    }

    private static List<Owner> selected(List<Owner> all, Owner... selectors) {
        OwnerSelectors some = new OwnerSelectors(List.of(selectors));
        return all.stream().filter(some::select).toList();
    }

    @Test
    void changes_ofOneAnswer_areLookedForTogether() {
        Known alice = states.read(states.viewOf(ALICE), null);
        Known bob = states.read(states.viewOf(BOB), null);

        states.forget(List.of(ALICE, Owner.user("carol"), Owner.organization("org_1")));

        assertThat(alice.isCurrent()).isFalse();
        assertThat(bob.isCurrent()).isFalse();
    }
}
