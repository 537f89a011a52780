package dev.apikeys.testkit;

import static dev.apikeys.testkit.SampleKey.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.ApiKey;
import dev.apikeys.ApiKey.Revocation;
import dev.apikeys.AuditFilter;
import dev.apikeys.DuplicateKeyException;
import dev.apikeys.Grant;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeyKind;
import dev.apikeys.KeyOptions;
import dev.apikeys.KeyOptions.SelfRevocation;
import dev.apikeys.KeyUpdate;
import dev.apikeys.Mode;
import dev.apikeys.Owner;
import dev.apikeys.Scopes;
import dev.apikeys.mcp.IdAllowlist;
import dev.apikeys.mcp.McpPermission;
import dev.apikeys.mcp.McpPolicy;
import dev.apikeys.mcp.McpPreset;
import dev.apikeys.spi.StoredCredential;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A stored key is returned unchanged, for its exact ids only. */
public interface StoringContract extends StoreUnderTest {
    @Test
    default void insert_keyWithEveryField_comesBackTheSame() {
        ApiKey key = stored(new SampleKey()
                .of(KeyKind.WORKSPACE, new Owner("alice", "org_1", "ws_1"))
                .named("CRM, \"nightly\" – it's 100 % 🔑\\")
                .granting(Grant.of(Scopes.of("read:systems", "manage:*", "*:reports.v2")))
                .allowedFrom("10.0.0.0/8", "2001:db8::/32", "192.0.2.7")
                .pausedAt(NOW.plusMillis(1))
                .revoked(new Revocation(NOW.plusMillis(2), "bob", "leaked; see ticket 'K-7'"))
                .build());

        assertThat(current(key)).isEqualTo(key);
        assertThat(listed(KeyFilter.everything())).containsExactly(key);
        assertThat(store().findCredential(key.publicId()))
                .contains(new StoredCredential(key.publicId(), SampleKey.hashOf(key.publicId()), null, key));
    }

    @Test
    default void insert_keyWithNothingOptional_comesBackTheSame() {
        ApiKey key = stored(new SampleKey()
                .of(KeyKind.ORGANIZATION, Owner.organization("org_1"))
                .granting(Grant.of(Mode.WRITE))
                .expiresAt(null)
                .build());

        assertThat(current(key)).isEqualTo(key);
        assertThat(credential(key.publicId()).key()).isEqualTo(key);
    }

    @Test
    default void insert_ownersWithAndWithoutEachPart_comeBackTheSame() {
        for (Owner owner : List.of(
                Owner.user("alice"),
                Owner.user("alice", "org_1"),
                new Owner("alice", null, "ws_1"),
                new Owner("alice", "org_1", "ws_1"),
                Owner.organization("org_1"),
                new Owner(null, "org_1", "ws_1"))) {
            ApiKey key = stored(new SampleKey().of(owner).build());
            assertThat(current(key).owner()).isEqualTo(owner);
        }
    }

    @Test
    default void insert_longestNameOfFourByteCharacters_comesBackTheSame() {
        ApiKey key = stored(
                new SampleKey().named("🔑".repeat(ApiKey.MAX_NAME_LENGTH)).build());
        assertThat(current(key).name()).isEqualTo(key.name());
    }

    @Test
    default void insert_longestIdsAndReason_comeBackTheSame() {
        String longest = "ä".repeat(Owner.MAX_ID_LENGTH);
        String reason = "😀".repeat(Revocation.MAX_REASON_LENGTH);
        ApiKey key = stored(new SampleKey()
                .of(KeyKind.WORKSPACE, new Owner(longest, longest, longest))
                .named("n".repeat(ApiKey.MAX_NAME_LENGTH))
                .revoked(new Revocation(NOW, longest, reason))
                .build());
        assertThat(current(key)).isEqualTo(key);
    }

    @Test
    default void insert_manyScopesAndAddresses_comeBackTheSame() {
        String[] scopes = new String[500];
        String[] ranges = new String[500];
        for (int i = 0; i < 500; i++) {
            scopes[i] = "read:" + "x".repeat(60) + i;
            ranges[i] = "10." + i / 250 + "." + i % 250 + ".0/24";
        }
        ApiKey key = stored(new SampleKey()
                .granting(Grant.of(Scopes.of(scopes)))
                .allowedFrom(ranges)
                .build());
        assertThat(current(key)).isEqualTo(key);
    }

    @Test
    default void insert_instantsFarAwayAndBeforeTheEpoch_comeBackToTheMillisecond() {
        ApiKey key = stored(new SampleKey()
                .createdAt(Instant.parse("-9999-01-01T00:00:00.001Z"))
                .pausedAt(Instant.parse("1969-12-31T23:59:59.999Z"))
                .expiresAt(Instant.parse("+99999-12-31T23:59:59.999Z"))
                .build());
        assertThat(current(key)).isEqualTo(key);
    }

    @Test
    default void insert_existingKeyId_isRefusedAndWritesNothing() {
        ApiKey first = stored(new SampleKey().build());
        ApiKey second = new SampleKey().id(first.id()).of(Owner.user("bob")).build();

        assertThatThrownBy(() -> stored(second)).isInstanceOf(DuplicateKeyException.class);

        assertThat(current(first)).isEqualTo(first);
        assertThat(store().findCredential(second.publicId())).isEmpty();
        assertThat(trail(AuditFilter.everything())).hasSize(1);
    }

    @Test
    default void insert_existingPublicId_isRefusedAndWritesNothing() {
        ApiKey first = stored(new SampleKey().build());
        ApiKey second =
                new SampleKey().publicId(first.publicId()).of(Owner.user("bob")).build();

        assertThatThrownBy(() -> stored(second)).isInstanceOf(DuplicateKeyException.class);

        assertThat(credential(first.publicId()).key()).isEqualTo(first);
        assertThat(store().find(second.id(), KeyFilter.everything())).isEmpty();
        assertThat(trail(AuditFilter.everything())).hasSize(1);
    }

    @Test
    default void insert_publicIdOfAnOldToken_isRefused() {
        ApiKey first = stored(new SampleKey().build());
        applied(SampleKey.rotate(first, SampleKey.randomPublicId(), NOW, Duration.ofHours(1)));
        ApiKey second = new SampleKey().publicId(first.publicId()).build();

        assertThatThrownBy(() -> stored(second)).isInstanceOf(DuplicateKeyException.class);
        assertThat(credential(first.publicId()).key().id()).isEqualTo(first.id());
    }

    @Test
    default void insert_sameIdsFromManyThreads_storesOne() throws Exception {
        ApiKey key = new SampleKey().build();
        List<Boolean> stored = Race.between(8, i -> () -> {
            try {
                stored(key);
                return true;
            } catch (DuplicateKeyException taken) {
                return false;
            }
        });
        assertThat(stored).containsOnlyOnce(true);
        assertThat(listed(KeyFilter.everything())).containsExactly(key);
    }

    @Test
    default void find_unknownIds_areEmpty() {
        stored(new SampleKey().build());
        assertThat(store().find(UUID.randomUUID(), KeyFilter.everything())).isEmpty();
        assertThat(store().findCredential(SampleKey.randomPublicId())).isEmpty();
    }

    @Test
    default void findCredential_idsThatAreAlmostRight_areEmpty() {
        String publicId = "abcdef0123456789abcdef01";
        stored(new SampleKey().publicId(publicId).build());

        for (String almost : List.of(
                "ABCDEF0123456789ABCDEF01",
                publicId + " ",
                " " + publicId,
                publicId + "\t",
                publicId + "\u0000",
                publicId.substring(1),
                publicId + "0",
                "%",
                "_".repeat(24),
                "' OR '1'='1",
                "\uD800",
                "")) {
            assertThat(store().findCredential(almost)).isEmpty();
        }
    }

    @Test
    default void findMissing_amongPresentAndAbsentIds_givesTheAbsentOnes() {
        ApiKey active = stored(new SampleKey().build());
        ApiKey revoked = stored(new SampleKey().build());
        applied(SampleKey.revoke(revoked));
        ApiKey old = stored(new SampleKey().build());
        List<String> there = List.of(
                active.publicId(),
                revoked.publicId(),
                old.publicId(),
                rotated(old).publicId());
        List<String> absent = List.of(SampleKey.randomPublicId(), SampleKey.randomPublicId());

        assertThat(store().findMissing(there)).isEmpty();
        assertThat(store().findMissing(absent)).containsExactlyInAnyOrderElementsOf(absent);
        assertThat(store().findMissing(List.of(there.get(0), absent.get(0), there.get(2), absent.get(1), there.get(3))))
                .containsExactlyInAnyOrderElementsOf(absent);
        assertThat(store().findMissing(List.of())).isEmpty();
    }

    @Test
    default void findMissing_manyIds_givesEachAbsentOne() {
        List<String> there = new ArrayList<>();
        List<String> absent = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            there.add(stored(new SampleKey().build()).publicId());
            absent.add(SampleKey.randomPublicId());
        }
        List<String> all = new ArrayList<>(there);
        all.addAll(absent);
        Collections.shuffle(all, new Random(1));

        assertThat(store().findMissing(all)).containsExactlyInAnyOrderElementsOf(absent);
    }

    @Test
    default void findMissing_keyThatMaintenanceRemoved_isMissing() {
        ApiKey key = stored(new SampleKey().build());
        applied(SampleKey.revoke(key));
        store().maintain(NOW.plusSeconds(3_600), NOW, 10);

        assertThat(store().findMissing(List.of(key.publicId()))).containsExactly(key.publicId());
    }

    @Test
    default void insert_everyOption_comesBack() {
        McpPolicy custom = McpPolicy.of(McpPreset.CUSTOM)
                .alsoWriting()
                .allowlistMode(McpPolicy.AllowlistMode.LISTED)
                .tools(List.of("systems_*", "users_get"))
                .permissions(List.of(McpPermission.TOOLS_CALL, McpPermission.PROMPTS_GET))
                .projects(IdAllowlist.of(List.of("p1", "p2")))
                .instances(IdAllowlist.of(List.of("i1")))
                .pause();
        for (McpPolicy policy : List.of(
                McpPolicy.DEFAULT,
                McpPolicy.of(McpPreset.FULL),
                McpPolicy.of(McpPreset.READ_ONLY).projects(IdAllowlist.of(List.of("p1"))),
                McpPolicy.of(McpPreset.CUSTOM),
                custom)) {
            KeyOptions options = new KeyOptions(SelfRevocation.ALLOWED, "projekt \uD83D\uDD11", policy);
            ApiKey key = stored(new SampleKey().with(options).build());
            assertThat(current(key).options()).isEqualTo(options);
            assertThat(credential(key.publicId()).key().options()).isEqualTo(options.labelled(""));
        }
    }

    @Test
    default void apply_otherOptions_areStored() {
        ApiKey key = stored(new SampleKey().build());
        ApiKey changed =
                key.updated(KeyUpdate.nothing().mcp(policy -> policy.preset(McpPreset.STANDARD)), SampleKey.NOW);

        applied(SampleKey.change(key, changed, SampleKey.NOW));

        assertThat(current(key).options().mcp()).isEqualTo(McpPolicy.of(McpPreset.STANDARD));
    }
}
