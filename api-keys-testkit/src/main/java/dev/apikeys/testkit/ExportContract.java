package dev.apikeys.testkit;

import static dev.apikeys.testkit.SampleKey.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.ApiKey;
import dev.apikeys.ApiKey.LastUse;
import dev.apikeys.AuditEvent;
import dev.apikeys.ExportedKey;
import dev.apikeys.Owner;
import dev.apikeys.PageRequest;
import dev.apikeys.spi.KeyImport;
import dev.apikeys.spi.KeyImport.Outcome;
import dev.apikeys.spi.KeyUse;
import dev.apikeys.spi.NewKey.NameRule;
import dev.apikeys.spi.SecretHash;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Keys come out with all their tokens, and their hashes are counted. */
public interface ExportContract extends StoreUnderTest {
    @Test
    default void exportedKeys_importedAgain_areDuplicates() {
        ApiKey plain = stored(new SampleKey().build());
        ApiKey used = stored(new SampleKey().createdAt(NOW.minusSeconds(60)).build());
        store().recordUses(List.of(new KeyUse(used.id(), new LastUse(NOW.plusSeconds(5), "192.0.2.7"))));

        List<ExportedKey> exported = store().exportKeys(PageRequest.first(10), NOW);

        assertThat(exported).containsExactly(withOneToken(plain), withOneToken(current(used)));
        assertThat(importedAgain(exported)).containsOnly(Outcome.DUPLICATE);
        assertThat(store().exportKeys(PageRequest.first(10), NOW)).isEqualTo(exported);
    }

    @Test
    default void exportKeys_keysInEveryState_areGivenToo() {
        ApiKey paused = stored(new SampleKey().pausedAt(NOW).build());
        ApiKey revoked = stored(new SampleKey().createdAt(NOW.minusSeconds(1)).build());
        applied(SampleKey.revoke(revoked));
        ApiKey expired = stored(new SampleKey()
                .createdAt(NOW.minusSeconds(2))
                .expiresAt(NOW.minusSeconds(1))
                .build());

        assertThat(store().exportKeys(PageRequest.first(10), NOW))
                .containsExactly(withOneToken(paused), withOneToken(current(revoked)), withOneToken(expired));
    }

    @Test
    default void exportKeys_keyInGrace_givesBothTokensUntilTheEarlierEnds() {
        ApiKey first = stored(new SampleKey().build());
        Instant end = NOW.plus(Duration.ofHours(1));
        ApiKey rotated = rotated(first);
        ExportedKey.Token earlier = new ExportedKey.Token(first.publicId(), SampleKey.hashOf(first.publicId()), end);
        ExportedKey.Token now = withOneToken(rotated).currentToken();

        List<ExportedKey> exported = store().exportKeys(PageRequest.first(10), NOW);

        assertThat(exported).extracting(ExportedKey::key).containsExactly(rotated);
        assertThat(exported.get(0).tokens()).contains(now);
        assertThat(store().exportKeys(PageRequest.first(10), end.plusMillis(1))).containsExactly(withOneToken(rotated));
        assumeTokensInGraceAreMoved();
        assertThat(exported.get(0).tokens()).containsExactlyInAnyOrder(earlier, now);
        assertThat(importedAgain(exported)).containsOnly(Outcome.DUPLICATE);
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

    @Test
    default void countHashes_tokenInGrace_isCountedToo() {
        rotated(stored(new SampleKey().build()));
        assumeTokensInGraceAreMoved();

        assertThat(store().countHashes()).isEqualTo(Map.of("other", 2L));
    }

    private static ExportedKey withOneToken(ApiKey key) {
        return SampleKey.toImport(key).key();
    }

    private List<Outcome> importedAgain(List<ExportedKey> exported) {
        return store().importKeys(exported.stream()
                .map(key -> new KeyImport(
                        key, KeyImport.NO_LIMIT, NameRule.ANY, SampleKey.audit(key.key(), AuditEvent.CREATED, NOW)))
                .toList());
    }
}
