package dev.apikeys.testkit;

import static dev.apikeys.testkit.SampleKey.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.ApiKey;
import dev.apikeys.ApiKey.LastUse;
import dev.apikeys.AuditFilter;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeyKind;
import dev.apikeys.Owner;
import dev.apikeys.spi.KeyImport;
import dev.apikeys.spi.KeyImport.Outcome;
import dev.apikeys.spi.KeyUse;
import dev.apikeys.spi.SecretHash;
import dev.apikeys.spi.StoredCredential;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An import leaves alone what is there: each key, each of its tokens, and its latest use. */
public interface ImportConflictContract extends StoreUnderTest {
    @Test
    default void importKeys_again_findsDuplicatesAndChangesNothing() {
        ApiKey first = new SampleKey().build();
        ApiKey second = new SampleKey().build();
        store().importKeys(List.of(SampleKey.toImport(first)));
        ApiKey sameToken =
                new SampleKey().publicId(first.publicId()).named("other").build();

        assertThat(store().importKeys(List.of(SampleKey.toImport(sameToken), SampleKey.toImport(second))))
                .containsExactly(Outcome.DUPLICATE, Outcome.IMPORTED);

        assertThat(credential(first.publicId()).key()).isEqualTo(first);
        assertThat(current(second)).isEqualTo(second);
        assertThat(trail(AuditFilter.everything())).hasSize(2);
    }

    @Test
    default void importKeys_idThatIsThereWithAnotherToken_isAConflict_alsoWhenTried() {
        ApiKey first = stored(new SampleKey().build());
        ApiKey sameId = new SampleKey().id(first.id()).build();

        assertThat(store().tryImport(List.of(SampleKey.toImport(sameId)))).containsExactly(Outcome.CONFLICT);
        assertThat(store().importKeys(List.of(SampleKey.toImport(sameId)))).containsExactly(Outcome.CONFLICT);
        assertThat(current(first)).isEqualTo(first);
    }

    @Test
    default void importKeys_tokenOfAnotherOwnerOrKind_isAConflict() {
        ApiKey first = stored(new SampleKey().build());
        ApiKey otherOwner =
                new SampleKey().publicId(first.publicId()).of(Owner.user("bob")).build();
        ApiKey otherKind = new SampleKey()
                .publicId(first.publicId())
                .of(KeyKind.WORKSPACE, first.owner())
                .build();

        assertThat(store().importKeys(List.of(SampleKey.toImport(otherOwner)))).containsExactly(Outcome.CONFLICT);
        assertThat(store().importKeys(List.of(SampleKey.toImport(otherKind)))).containsExactly(Outcome.CONFLICT);
        assertThat(credential(first.publicId()).key()).isEqualTo(first);
    }

    @Test
    default void importKeys_tokenThatIsThereWithAnotherSecret_isAConflict() {
        ApiKey key = new SampleKey().build();
        SecretHash hash = new SecretHash("hmac-sha256$2026$" + "a".repeat(64));
        SecretHash ofAnotherSecret = new SecretHash("hmac-sha256$2026$" + "b".repeat(64));
        SecretHash underAnotherPepper = new SecretHash("hmac-sha256$2027$" + "b".repeat(64));
        store().insert(SampleKey.toAdd(key, hash));

        assertThat(store().importKeys(List.of(SampleKey.toImport(key, ofAnotherSecret))))
                .containsExactly(Outcome.CONFLICT);
        assertThat(store().tryImport(List.of(SampleKey.toImport(key, ofAnotherSecret))))
                .containsExactly(Outcome.CONFLICT);
        for (SecretHash same : List.of(hash, underAnotherPepper)) {
            assertThat(store().importKeys(List.of(SampleKey.toImport(key, same))))
                    .containsExactly(Outcome.DUPLICATE);
        }
        assertThat(credential(key.publicId()).hash()).isEqualTo(hash);
    }

    @Test
    default void importKeys_idOfAnotherKey_isAConflictAndTheOthersAreStored() {
        ApiKey first = stored(new SampleKey().build());
        ApiKey sameId = new SampleKey().id(first.id()).build();
        ApiKey other = new SampleKey().build();

        assertThat(store().importKeys(List.of(SampleKey.toImport(sameId), SampleKey.toImport(other))))
                .containsExactly(Outcome.CONFLICT, Outcome.IMPORTED);
        assertThat(current(first)).isEqualTo(first);
        assertThat(current(other)).isEqualTo(other);
    }

    @Test
    default void importKeys_currentTokenOfAnotherOwner_isAConflictInGraceToo() {
        ApiKey first = stored(new SampleKey().build());
        ApiKey rotated = rotated(first);
        for (String taken : List.of(rotated.publicId(), first.publicId())) {
            ApiKey added = new SampleKey().publicId(taken).of(Owner.user("bob")).build();

            assertConflict(SampleKey.toImport(added), first, rotated);
        }
    }

    /** Also within one owner: a token would then belong to two keys. */
    @Test
    default void importKeys_earlierTokenOfAnotherKey_isAConflictInGraceToo() {
        assumeTokensInGraceAreMoved();
        ApiKey first = stored(new SampleKey().build());
        ApiKey rotated = rotated(first);
        for (String taken : List.of(rotated.publicId(), first.publicId())) {
            for (Owner owner : List.of(rotated.owner(), Owner.user("bob"))) {
                ApiKey added = new SampleKey().of(owner).build();

                assertConflict(SampleKey.toImport(added, taken), first, rotated);
                assertThat(store().findCredential(added.publicId())).isEmpty();
            }
        }
    }

    @Test
    default void importKeys_currentTokenOfAnotherOwnerBesideAFreeOne_storesNeither() {
        assumeTokensInGraceAreMoved();
        ApiKey first = stored(new SampleKey().build());
        ApiKey rotated = rotated(first);
        for (String taken : List.of(rotated.publicId(), first.publicId())) {
            String free = SampleKey.randomPublicId();
            ApiKey added = new SampleKey().publicId(taken).of(Owner.user("bob")).build();

            assertConflict(SampleKey.toImport(added, free), first, rotated);
            assertThat(store().findCredential(free)).isEmpty();
        }
    }

    @Test
    default void importKeys_keyThatWasRotatedSince_isADuplicateAndStaysAsItIs() {
        ApiKey first = new SampleKey().build();
        List<KeyImport> batch = List.of(SampleKey.toImport(first));
        store().importKeys(batch);
        ApiKey rotated = rotated(first);
        StoredCredential inGrace = credential(first.publicId());

        assertThat(store().tryImport(batch)).containsExactly(Outcome.DUPLICATE);
        assertThat(store().importKeys(batch)).containsExactly(Outcome.DUPLICATE);

        assertThat(current(first)).isEqualTo(rotated);
        assertThat(credential(first.publicId())).isEqualTo(inGrace);
    }

    @Test
    default void importKeys_duplicateWithALaterUse_keepsTheStoredUse() {
        ApiKey key = stored(new SampleKey().build());
        LastUse use = new LastUse(NOW.plusSeconds(1), "192.0.2.7");
        store().recordUses(List.of(new KeyUse(key.id(), use)));
        ApiKey usedLater = new SampleKey()
                .id(key.id())
                .publicId(key.publicId())
                .lastUse(new LastUse(NOW.plusSeconds(9), "192.0.2.9"))
                .build();

        assertThat(store().importKeys(List.of(SampleKey.toImport(usedLater)))).containsExactly(Outcome.DUPLICATE);

        assertThat(current(key).lastUse()).isEqualTo(use);
    }

    /** The import and its trial are refused, and the key that is there keeps both tokens. */
    private void assertConflict(KeyImport added, ApiKey first, ApiKey rotated) {
        StoredCredential inGrace = credential(first.publicId());
        StoredCredential now = credential(rotated.publicId());

        assertThat(store().tryImport(List.of(added))).containsExactly(Outcome.CONFLICT);
        assertThat(store().importKeys(List.of(added))).containsExactly(Outcome.CONFLICT);

        assertThat(credential(first.publicId())).isEqualTo(inGrace);
        assertThat(credential(rotated.publicId())).isEqualTo(now);
        assertThat(listed(KeyFilter.everything())).containsExactly(rotated);
        assertThat(trail(AuditFilter.everything())).hasSize(2);
    }
}
