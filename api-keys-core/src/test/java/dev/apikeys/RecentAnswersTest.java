package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.spi.OwnerDirectory;
import dev.apikeys.spi.StoredCredential;
import dev.apikeys.testkit.SampleKey;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Answers are kept for keys that are in use, and for no more than there is room for. */
@Tag("tr-skip") // Numbers know no locale.
class RecentAnswersTest {
    private static final int PLACES = 8_192;
    private static final ApiKey KEY = new SampleKey().build();

    private final RecentAnswers answers = new RecentAnswers(TokenFormat.DEFAULT, ScopePolicy.DEFAULT);
    private final SplittableRandom times = new SplittableRandom(1);
    private final OwnerDirectory.State state = OwnerDirectory.everyoneActive().stateOf(Owner.user("alice", "org_1"));

    private static CacheEntry entry(int number) {
        return CacheEntry.of(
                new PublicId(number, number),
                new StoredCredential(KEY.publicId(), SampleKey.hashOf(KEY.publicId()), null, KEY),
                new OwnerView(KEY.owner()),
                SharedEntryPart.of(KEY, KEY.grant()),
                new LoadMoment(0, 0));
    }

    @Test
    void answer_isKept_forOneStateOfTheOwner() {
        CacheEntry entry = entry(1);
        Verification.Accepted first = answers.of(entry, state, 0);
        OwnerDirectory.State later = OwnerDirectory.State.active(Scopes.of("read:systems"));

        assertThat(answers.of(entry, state, 1)).isSameAs(first);
        Verification.Accepted second = answers.of(entry, later, 2);
        assertThat(second).isNotSameAs(first);
        assertThat(answers.of(entry, later, 3)).isSameAs(second);
        assertThat(second.principal().keyId()).isEqualTo(first.principal().keyId());
    }

    @Test
    void busierKeys_takePlaces_andTheOthersGetEqualAnswers() {
        List<CacheEntry> cool = use(20 * PLACES, 1);
        assertThat(keeping(cool)).isBetween(PLACES / 2L, (long) PLACES);
        CacheEntry without = cool.stream()
                .filter(entry -> entry.answer() == null)
                .findFirst()
                .orElseThrow();
        assertThat(answers.of(without, state, 1).principal().keyId()).isEqualTo(without.keyId());

        List<CacheEntry> busy = use(10 * PLACES, 10);
        for (int again = 0; again < 15; again++) {
            ask(busy);
        }

        assertThat(keeping(busy)).isBetween(PLACES * 9L / 10, (long) PLACES);
        assertThat(keeping(cool)).isLessThan(PLACES / 10);
        use(3 * PLACES, 1);
        assertThat(keeping(busy)).isGreaterThan(PLACES * 8L / 10);
    }

    private static long keeping(List<CacheEntry> entries) {
        return entries.stream().filter(entry -> entry.answer() != null).count();
    }

    /** Asks once for each of some keys that were used so many times. */
    private List<CacheEntry> use(int count, int uses) {
        List<CacheEntry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            CacheEntry entry = entry(i);
            for (int use = 0; use < uses; use++) {
                entry.heat(0);
            }
            entries.add(entry);
        }
        ask(entries);
        return entries;
    }

    private void ask(List<CacheEntry> entries) {
        entries.forEach(entry -> answers.of(entry, state, times.nextLong()));
    }
}
