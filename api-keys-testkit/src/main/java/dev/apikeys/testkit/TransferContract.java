package dev.apikeys.testkit;

import static dev.apikeys.testkit.SampleKey.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.ApiKey;
import dev.apikeys.ApiKey.LastUse;
import dev.apikeys.ApiKey.Revocation;
import dev.apikeys.AuditEvent;
import dev.apikeys.AuditFilter;
import dev.apikeys.ExportedKey;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeyKind;
import dev.apikeys.KeyLimitExceededException;
import dev.apikeys.Owner;
import dev.apikeys.PageRequest;
import dev.apikeys.spi.KeyImport;
import dev.apikeys.spi.KeyImport.Outcome;
import dev.apikeys.spi.KeyUse;
import dev.apikeys.spi.NewKey.NameRule;
import dev.apikeys.spi.SecretHash;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    default void importKeys_again_findsDuplicatesAndChangesNothing() {
        ApiKey first = new SampleKey().build();
        ApiKey second = new SampleKey().build();
        store().importKeys(List.of(unlimited(first)));
        ApiKey sameToken =
                new SampleKey().publicId(first.publicId()).named("other").build();

        assertThat(store().importKeys(List.of(unlimited(sameToken), unlimited(second))))
                .containsExactly(Outcome.DUPLICATE, Outcome.IMPORTED);

        assertThat(credential(first.publicId()).key()).isEqualTo(first);
        assertThat(current(second)).isEqualTo(second);
        assertThat(trail(AuditFilter.everything())).hasSize(2);
    }

    @Test
    default void importKeys_idThatIsThereWithAnotherToken_isAConflict_alsoWhenTried() {
        ApiKey first = stored(new SampleKey().build());
        ApiKey sameId = new SampleKey().id(first.id()).build();

        assertThat(store().tryImport(List.of(unlimited(sameId)))).containsExactly(Outcome.CONFLICT);
        assertThat(store().importKeys(List.of(unlimited(sameId)))).containsExactly(Outcome.CONFLICT);
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

        assertThat(store().importKeys(List.of(unlimited(otherOwner)))).containsExactly(Outcome.CONFLICT);
        assertThat(store().importKeys(List.of(unlimited(otherKind)))).containsExactly(Outcome.CONFLICT);
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

        assertThat(store().importKeys(List.of(unlimited(sameId), unlimited(other))))
                .containsExactly(Outcome.CONFLICT, Outcome.IMPORTED);
        assertThat(current(first)).isEqualTo(first);
        assertThat(current(other)).isEqualTo(other);
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

        assertThat(store().importKeys(List.of(limited(expired, 1, NameRule.ANY), limited(revoked, 1, NameRule.ANY))))
                .containsOnly(Outcome.IMPORTED);
    }

    @Test
    default void importKeys_uniqueNames_areCheckedAmongActiveKeys() {
        stored(new SampleKey().named("CRM").build());
        assertThat(store().importKeys(List.of(
                        limited(new SampleKey().named("CRM").build(), NO_LIMIT, NameRule.UNIQUE),
                        limited(new SampleKey().named("ERP").build(), NO_LIMIT, NameRule.UNIQUE),
                        limited(new SampleKey().named("ERP").build(), NO_LIMIT, NameRule.UNIQUE))))
                .containsExactly(Outcome.NAME_TAKEN, Outcome.IMPORTED, Outcome.NAME_TAKEN);
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
            assertThat(outcomes.stream()
                            .filter(one -> one.get(at) == Outcome.IMPORTED)
                            .count())
                    .isEqualTo(1);
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
    default void exportedKeys_importedElsewhereOrAgain_areTheSame() {
        ApiKey rotated = stored(new SampleKey().build());
        applied(SampleKey.rotate(rotated, SampleKey.randomPublicId(), NOW, Duration.ofHours(1)));
        ApiKey used = stored(new SampleKey().createdAt(NOW.minusSeconds(60)).build());
        store().recordUses(List.of(new KeyUse(used.id(), new LastUse(NOW.plusSeconds(5), "192.0.2.7"))));

        List<ExportedKey> exported = store().exportKeys(PageRequest.first(10), NOW);

        assertThat(exported).extracting(ExportedKey::key).containsExactly(current(rotated), current(used));
        assertThat(exported.get(0).tokens())
                .containsExactlyInAnyOrder(
                        new ExportedKey.Token(
                                rotated.publicId(),
                                SampleKey.hashOf(rotated.publicId()),
                                NOW.plus(Duration.ofHours(1))),
                        new ExportedKey.Token(
                                current(rotated).publicId(),
                                SampleKey.hashOf(current(rotated).publicId()),
                                null));
        assertThat(store().exportKeys(PageRequest.first(10), NOW.plus(Duration.ofHours(2)))
                        .get(0)
                        .tokens())
                .hasSize(1);
        assertThat(store().importKeys(exported.stream()
                        .map(key -> new KeyImport(
                                key,
                                KeyImport.NO_LIMIT,
                                NameRule.ANY,
                                SampleKey.audit(key.key(), AuditEvent.CREATED, NOW)))
                        .toList()))
                .containsOnly(Outcome.DUPLICATE);
    }

    @Test
    default void importKeys_keyWithATokenInGraceAndAUse_comesBackTheSame() {
        String old = SampleKey.randomPublicId();
        ApiKey key = new SampleKey().build();
        ApiKey used = withUse(key, new LastUse(NOW, "2001:db8::1"));
        ExportedKey exported = new ExportedKey(
                used,
                List.of(
                        new ExportedKey.Token(key.publicId(), SampleKey.hashOf(key.publicId()), null),
                        new ExportedKey.Token(old, SampleKey.hashOf(old), NOW.plusSeconds(60))));

        assertThat(store().importKeys(List.of(new KeyImport(
                        exported, KeyImport.NO_LIMIT, NameRule.ANY, SampleKey.audit(key, AuditEvent.CREATED, NOW)))))
                .containsExactly(Outcome.IMPORTED);

        assertThat(current(key)).isEqualTo(used);
        assertThat(credential(old).validUntil()).isEqualTo(NOW.plusSeconds(60));
        assertThat(store().exportKeys(PageRequest.first(10), NOW))
                .singleElement()
                .satisfies(one -> {
                    assertThat(one.key()).isEqualTo(exported.key());
                    assertThat(one.tokens()).containsExactlyInAnyOrderElementsOf(exported.tokens());
                });
    }

    @Test
    default void exportKeys_pageByPage_givesEachKeyOnce() {
        List<ApiKey> keys = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            keys.add(stored(new SampleKey().createdAt(NOW.plusMillis(i / 3)).build()));
        }
        List<ApiKey> exported = new ArrayList<>();
        List<ExportedKey> page = store().exportKeys(PageRequest.first(10), NOW);
        while (!page.isEmpty()) {
            page.forEach(one -> exported.add(one.key()));
            ApiKey last = page.get(page.size() - 1).key();
            page = store().exportKeys(
                            PageRequest.after(new PageRequest.Position(last.createdAt(), last.id()), 10), NOW);
        }
        assertThat(exported).containsExactlyInAnyOrderElementsOf(keys);
    }

    @Test
    default void countHashes_ofKeysThatAreNotRevoked_byKind() {
        String digest = "0".repeat(64);
        for (String hash : List.of(
                "sha256$" + digest,
                "hmac-sha256$2026$" + digest,
                "hmac-sha256$2026$" + digest,
                "hmac-sha256$20.26$" + digest,
                "imported$sha256$sha256$" + digest,
                "imported$sha256~YQ.~$hmac-sha256$2026$" + digest,
                "imported$sha256~.YmI~$hmac-sha256$2026$" + digest,
                "imported$hmac-sha256:k.1$hmac-sha256$2026$" + digest,
                "generated$$2b$04$abc",
                "$argon2id$v=19$m=16,t=1,p=1$c2FsdHNhbHQ$AAAA",
                "md5$x")) {
            ApiKey key =
                    new SampleKey().of(Owner.user(SampleKey.randomPublicId())).build();
            store().insert(SampleKey.toAdd(key, new SecretHash(hash)));
        }
        ApiKey revoked = stored(new SampleKey().build());
        applied(SampleKey.revoke(revoked));

        assertThat(store().countHashes())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "sha256", 1L,
                        "hmac-sha256$2026", 2L,
                        "hmac-sha256$20.26", 1L,
                        "imported$sha256$sha256", 1L,
                        "imported$sha256$hmac-sha256$2026", 2L,
                        "imported$hmac-sha256:k.1$hmac-sha256$2026", 1L,
                        "generated", 1L,
                        "password", 1L,
                        "other", 1L));
    }

    private static KeyImport unlimited(ApiKey key) {
        return SampleKey.toImport(key);
    }

    private static KeyImport limited(ApiKey key, int maxActive, NameRule names) {
        KeyImport sample = SampleKey.toImport(key);
        return new KeyImport(sample.key(), maxActive, names, sample.audit());
    }

    private static ApiKey withUse(ApiKey key, LastUse use) {
        return new ApiKey(
                key.id(),
                key.publicId(),
                key.kind(),
                key.owner(),
                key.name(),
                key.grant(),
                key.allowedFrom(),
                key.options(),
                key.createdAt(),
                key.createdBy(),
                key.expiresAt(),
                key.pausedAt(),
                key.revocation(),
                use,
                key.mcpSessions(),
                key.version());
    }
}
