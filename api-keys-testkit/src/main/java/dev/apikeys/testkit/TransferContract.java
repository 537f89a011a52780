package dev.apikeys.testkit;

import static dev.apikeys.testkit.SampleKey.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.ApiKey;
import dev.apikeys.ApiKey.LastUse;
import dev.apikeys.ApiKey.McpSessions;
import dev.apikeys.ApiKey.Revocation;
import dev.apikeys.AuditEvent;
import dev.apikeys.AuditFilter;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeyKind;
import dev.apikeys.KeyLimitExceededException;
import dev.apikeys.Owner;
import dev.apikeys.PageRequest;
import dev.apikeys.spi.KeyImport;
import dev.apikeys.spi.KeyImport.Outcome;
import dev.apikeys.spi.NewKey.NameRule;
import dev.apikeys.spi.StoredCredential;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many keys come in and go out with all that is stored of them. */
public interface TransferContract extends StoreUnderTest {
    @Test
    default void importKeys_manyKeysOfManyOwners_storesThemAll() {
        List<ApiKey> keys = IntStream.range(0, 1_234)
                .mapToObj(i -> new SampleKey().of(Owner.user("user" + i % 100)).build())
                .toList();

        assertThat(store().importKeys(
                                keys.stream().map(TransferContract::unlimited).toList()))
                .hasSize(1_234)
                .containsOnly(Outcome.IMPORTED);

        assertThat(store().list(KeyFilter.everything(), PageRequest.first(1)).total())
                .isEqualTo(1_234);
        for (ApiKey key : List.of(keys.get(0), keys.get(99), keys.get(100), keys.get(1_233))) {
            assertThat(current(key)).isEqualTo(key);
            assertThat(credential(key.publicId()).hash()).isEqualTo(SampleKey.hashOf(key.publicId()));
            assertThat(trail(AuditFilter.everything().key(key.id())))
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.event()).isEqualTo(AuditEvent.CREATED));
        }
    }

    @Test
    default void importKeys_keysInEveryState_comeBackTheSame() {
        List<ApiKey> keys = List.of(
                new SampleKey().expiresAt(null).build(),
                new SampleKey()
                        .createdAt(NOW.minus(Duration.ofDays(4_000)))
                        .expiresAt(NOW.minusSeconds(1))
                        .build(),
                new SampleKey().pausedAt(NOW.minusSeconds(5)).build(),
                new SampleKey()
                        .revoked(new Revocation(NOW.minusSeconds(5), "bob", "lost"))
                        .build(),
                new SampleKey()
                        .of(KeyKind.ORGANIZATION, Owner.organization("org_1"))
                        .build());

        assertThat(store().importKeys(
                                keys.stream().map(TransferContract::unlimited).toList()))
                .containsOnly(Outcome.IMPORTED);

        keys.forEach(key -> assertThat(current(key)).isEqualTo(key));
    }

    @Test
    default void importKeys_moreThanTheLimit_storesAsManyAsFitIn() {
        stored(new SampleKey().build());
        List<KeyImport> five = IntStream.range(0, 5)
                .mapToObj(i -> limited(new SampleKey().build(), 3, NameRule.ANY))
                .toList();

        assertThat(store().importKeys(five))
                .containsExactly(
                        Outcome.IMPORTED,
                        Outcome.IMPORTED,
                        Outcome.LIMIT_EXCEEDED,
                        Outcome.LIMIT_EXCEEDED,
                        Outcome.LIMIT_EXCEEDED);
        assertThat(listed(KeyFilter.everything())).hasSize(3);
        assertThatThrownBy(() -> stored(new SampleKey().build(), 3)).isInstanceOf(KeyLimitExceededException.class);
    }

    @Test
    default void importKeys_beyondTheLimit_countsForLaterKeys() {
        List<KeyImport> five = IntStream.range(0, 5)
                .mapToObj(i -> unlimited(new SampleKey().build()))
                .toList();
        assertThat(store().importKeys(five)).containsOnly(Outcome.IMPORTED);

        assertThatThrownBy(() -> stored(new SampleKey().build(), 5)).isInstanceOf(KeyLimitExceededException.class);
        stored(new SampleKey().build(), 6);
        assertThat(store().importKeys(List.of(limited(new SampleKey().build(), 6, NameRule.ANY))))
                .containsExactly(Outcome.LIMIT_EXCEEDED);
    }

    @Test
    default void importKeys_endedKeys_areNotLimited() {
        stored(new SampleKey().build(), 1);
        ApiKey expired = new SampleKey().expiresAt(NOW.minusSeconds(1)).build();
        ApiKey revoked = new SampleKey().revoked(new Revocation(NOW, "bob", "")).build();
        ApiKey withTheSameName = new SampleKey().expiresAt(NOW.minusSeconds(1)).build();
        List<KeyImport> batch = List.of(
                limited(expired, 1, NameRule.ANY),
                limited(revoked, 1, NameRule.ANY),
                limited(withTheSameName, 1, NameRule.UNIQUE));

        assertThat(store().tryImport(batch)).hasSize(3).containsOnly(Outcome.IMPORTED);
        assertThat(store().importKeys(batch)).hasSize(3).containsOnly(Outcome.IMPORTED);
    }

    @Test
    default void importKeys_uniqueNames_areCheckedAmongActiveKeys() {
        stored(new SampleKey().named("CRM").build());
        List<KeyImport> batch = List.of(
                limited(new SampleKey().named("CRM").build(), NO_LIMIT, NameRule.UNIQUE),
                limited(new SampleKey().named("ERP").build(), NO_LIMIT, NameRule.UNIQUE),
                limited(new SampleKey().named("ERP").build(), NO_LIMIT, NameRule.UNIQUE));
        List<Outcome> expected = List.of(Outcome.NAME_TAKEN, Outcome.IMPORTED, Outcome.NAME_TAKEN);

        assertThat(store().tryImport(batch)).isEqualTo(expected);
        assertThat(store().importKeys(batch)).isEqualTo(expected);
    }

    @Test
    default void importKeys_fromManyThreads_storesEachKeyOnce() throws Exception {
        List<KeyImport> keys = IntStream.range(0, 200)
                .mapToObj(i -> new SampleKey().of(Owner.user("user" + i % 20)).build())
                .map(TransferContract::unlimited)
                .toList();

        List<List<Outcome>> outcomes = Race.between(4, i -> () -> store().importKeys(keys));

        for (int i = 0; i < keys.size(); i++) {
            int at = i;
            assertThat(outcomes)
                    .extracting(one -> one.get(at))
                    .containsExactlyInAnyOrder(
                            Outcome.IMPORTED, Outcome.DUPLICATE, Outcome.DUPLICATE, Outcome.DUPLICATE);
        }
        assertThat(listed(KeyFilter.everything())).hasSize(200);
    }

    @Test
    default void tryImport_saysWhatImportWouldDo_andStoresNothing() {
        ApiKey there = stored(new SampleKey().build());
        List<KeyImport> batch = List.of(
                unlimited(new SampleKey().publicId(there.publicId()).build()),
                limited(new SampleKey().build(), 2, NameRule.ANY),
                limited(new SampleKey().build(), 2, NameRule.ANY));

        List<Outcome> tried = store().tryImport(batch);

        assertThat(tried).containsExactly(Outcome.DUPLICATE, Outcome.IMPORTED, Outcome.LIMIT_EXCEEDED);
        assertThat(listed(KeyFilter.everything())).containsExactly(there);
        assertThat(store().importKeys(batch)).isEqualTo(tried);
    }

    @Test
    default void importKeys_none_isNothing() {
        assertThat(store().importKeys(List.of())).isEmpty();
        assertThat(store().tryImport(List.of())).isEmpty();
    }

    @Test
    default void importKeys_keyWithAHistory_comesBackTheSame() {
        ApiKey key = new SampleKey()
                .lastUse(new LastUse(NOW, "2001:db8::1"))
                .mcpSessions(new McpSessions(5, 4))
                .version(7)
                .build();

        assertThat(store().importKeys(List.of(unlimited(key)))).containsExactly(Outcome.IMPORTED);

        assertThat(current(key)).isEqualTo(key);
        assertThat(credential(key.publicId()).key()).isEqualTo(key);
        assertThat(store().exportKeys(PageRequest.first(10), NOW))
                .containsExactly(unlimited(key).key());
    }

    @Test
    default void importKeys_keyWithATokenInGrace_comesBackTheSame() {
        assumeTokensInGraceAreMoved();
        String old = SampleKey.randomPublicId();
        ApiKey key = new SampleKey().build();
        KeyImport added = SampleKey.toImport(key, old);

        assertThat(store().importKeys(List.of(added))).containsExactly(Outcome.IMPORTED);

        assertThat(current(key)).isEqualTo(key);
        assertThat(credential(old))
                .isEqualTo(new StoredCredential(old, SampleKey.hashOf(old), NOW.plus(Duration.ofDays(1)), key));
        assertThat(store().exportKeys(PageRequest.first(10), NOW))
                .singleElement()
                .satisfies(one -> {
                    assertThat(one.key()).isEqualTo(key);
                    assertThat(one.tokens())
                            .containsExactlyInAnyOrderElementsOf(added.key().tokens());
                });
    }

    private static KeyImport unlimited(ApiKey key) {
        return SampleKey.toImport(key);
    }

    private static KeyImport limited(ApiKey key, int maxActive, NameRule names) {
        KeyImport sample = SampleKey.toImport(key);
        return new KeyImport(sample.key(), maxActive, names, sample.audit());
    }
}
