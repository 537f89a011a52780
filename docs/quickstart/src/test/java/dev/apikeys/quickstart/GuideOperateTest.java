package dev.apikeys.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.Actor;
import dev.apikeys.ApiKey;
import dev.apikeys.AuditEntry;
import dev.apikeys.BulkRevocation;
import dev.apikeys.IdlePolicy;
import dev.apikeys.InMemoryApiKeyStore;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeyKind;
import dev.apikeys.KeyRef;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.KeyUpdate;
import dev.apikeys.Mode;
import dev.apikeys.NoticePolicy;
import dev.apikeys.Owner;
import dev.apikeys.Page;
import dev.apikeys.PageRequest;
import dev.apikeys.TokenFormat;
import dev.apikeys.spi.ApiKeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The guide's snippets about metadata, environments and clean-up, run. */
class GuideOperateTest {
    private final ApiKeyStore store = new InMemoryApiKeyStore();
    private final Actor actor = Actor.of("admin");

    private static KeySpec spec() {
        return KeySpec.forUser("alice", "org_1").named("CRM").mode(Mode.READ);
    }

    @Test
    void metadata() {
        try (KeyService keys = KeyService.builder(store).build()) {
            // tag::metadata[]
            IssuedKey issued = keys.issue(KeySpec.forUser("alice", "org_1")
                    .named("CRM")
                    .mode(Mode.READ)
                    .metadata("team", "blue")
                    .metadata("ticket", "OPS-17"));
            KeyRef ref = KeyRef.of(issued.key().id());
            keys.update(ref, KeyUpdate.nothing().metadata("ticket", ""), actor); // empty removes an entry
            Page<ApiKey> blue = keys.list(KeyFilter.everything().metadata("team", "blue"), PageRequest.first(20));
            // end::metadata[]
            assertThat(blue.items().get(0).metadata()).containsOnlyKeys("team");
        }
    }

    @Test
    void environment() {
        // tag::environment[]
        TokenFormat format =
                TokenFormat.builder().prefix("acme").environment("live").build();
        KeyService keys = KeyService.builder(store).tokenFormat(format).build();
        // end::environment[]
        try (keys) {
            assertThat(keys.issue(spec()).token().reveal()).startsWith("acme_live_");
        }
    }

    @Test
    void filters() {
        try (KeyService keys = KeyService.builder(store).build()) {
            keys.issue(spec());
            // tag::filters[]
            Instant now = keys.now();
            KeyFilter all = KeyFilter.everything();
            KeyFilter paused = all.status(ApiKey.Status.PAUSED, now);
            KeyFilter expiring = all.liveAt(now).expiringBefore(now.plus(Duration.ofDays(30)));
            KeyFilter unused = all.liveAt(now).unusedSince(now.minus(Duration.ofDays(90)));
            KeyFilter neverUsed = all.liveAt(now).neverUsed();
            // end::filters[]
            assertThat(keys.listAll(paused)).isEmpty();
            assertThat(keys.listAll(expiring)).isEmpty();
            assertThat(keys.listAll(unused)).isEmpty();
            assertThat(keys.listAll(neverUsed)).hasSize(1);
        }
    }

    @Test
    void notices() {
        List<String> mails = new ArrayList<>();
        // tag::notices[]
        NoticePolicy policy = NoticePolicy.DEFAULT // 30, 7 and 1 days before the expiry
                .idleFor(Duration.ofDays(90))
                .neverUsedFor(Duration.ofDays(14));
        KeyService keys = KeyService.builder(store)
                .notices(
                        policy,
                        notice -> mails.add(notice.kind() + ": " + notice.key().name()))
                .build();
        // end::notices[]
        try (keys) {
            keys.issue(spec().expiresIn(Duration.ofHours(2)));
            keys.cleanUp().runDue();
            assertThat(mails).containsExactly("EXPIRING: CRM");
        }
    }

    @Test
    void idlePolicy() {
        // tag::idle[]
        IdlePolicy policy = IdlePolicy.reportAfter(Duration.ofDays(90))
                .pauseAfter(Duration.ofDays(14))
                .revokeAfter(Duration.ofDays(30));
        KeyService keys = KeyService.builder(store).idlePolicy(policy).build();
        List<IdlePolicy.Due> due = keys.cleanUp().idleKeysDue(); // a dry run
        // end::idle[]
        try (keys) {
            assertThat(due).isEmpty();
        }
    }

    @Test
    void bulk() {
        try (KeyService keys = KeyService.builder(store).build()) {
            keys.issue(spec());
            // tag::bulk[]
            KeyFilter ofAlice = KeyFilter.ownedBy(KeyKind.PERSONAL, Owner.user("alice", "org_1"));
            long wouldBe = keys.cleanUp().countRevocable(ofAlice);
            BulkRevocation done = keys.cleanUp().revokeAll(ofAlice, actor, "left the company");
            // end::bulk[]
            assertThat(wouldBe).isEqualTo(1);
            assertThat(done.revoked()).isEqualTo(1);
        }
    }

    @Test
    void retention() {
        List<AuditEntry> archive = new ArrayList<>();
        // tag::retention[]
        KeyService keys = KeyService.builder(store)
                .auditRetention(Duration.ofDays(730), archive::addAll)
                .build();
        // end::retention[]
        try (keys) {
            keys.cleanUp().runDue();
            assertThat(archive).isEmpty();
        }
    }
}
