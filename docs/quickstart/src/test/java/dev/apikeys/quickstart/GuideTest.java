package dev.apikeys.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.password4j.BcryptFunction;
import com.password4j.types.Bcrypt;
import dev.apikeys.Actor;
import dev.apikeys.ApiKey;
import dev.apikeys.AuditEntry;
import dev.apikeys.AuditEvent;
import dev.apikeys.AuditFilter;
import dev.apikeys.ClientRequest;
import dev.apikeys.ImportedToken;
import dev.apikeys.InMemoryApiKeyStore;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyEvent;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeyKind;
import dev.apikeys.KeyPolicy;
import dev.apikeys.KeyPrincipal;
import dev.apikeys.KeyRef;
import dev.apikeys.KeyService;
import dev.apikeys.KeyServiceStats;
import dev.apikeys.KeySpec;
import dev.apikeys.KeyUpdate;
import dev.apikeys.Mode;
import dev.apikeys.Owner;
import dev.apikeys.Page;
import dev.apikeys.PageRequest;
import dev.apikeys.Pepper;
import dev.apikeys.Rejection;
import dev.apikeys.ScopePolicy;
import dev.apikeys.Scopes;
import dev.apikeys.TokenFormat;
import dev.apikeys.Verification;
import dev.apikeys.password4j.Password4jHashing;
import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.ImportedTokens;
import dev.apikeys.spi.OwnerDirectory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The guide's snippets, run. */
class GuideTest {
    private final ApiKeyStore store = new InMemoryApiKeyStore();

    @Test
    void issuing() {
        try (KeyService keys = KeyService.builder(store).build()) {
            // tag::issue[]
            IssuedKey issued = keys.issue(KeySpec.forUser("alice", "org_1")
                    .named("CRM production")
                    .mode(Mode.WRITE)
                    .expiresIn(Duration.ofDays(30))
                    .allowedFrom("192.0.2.0/24", "2001:db8::/32")
                    .createdBy(Actor.of("alice")));

            String token = issued.token().reveal(); // show it now; it can't be had again
            ApiKey key = issued.key(); // everything else about it
            // end::issue[]
            assertThat(token).contains(key.publicId());
            assertThat(keys.verify(token, ClientRequest.from("192.0.2.1"))
                            .orElseThrow()
                            .keyName())
                    .isEqualTo("CRM production");
        }
    }

    @Test
    void verifying() {
        try (KeyService keys = KeyService.builder(store).build()) {
            IssuedKey issued =
                    keys.issue(KeySpec.forUser("alice", "org_1").named("CRM").mode(Mode.READ));

            assertThat(greet(keys, issued.token().reveal())).isEqualTo("alice may read");
            assertThat(greet(keys, "myk_nonsense")).isEqualTo("rejected: MALFORMED");
        }
    }

    private static String greet(KeyService keys, String presented) {
        // tag::verify[]
        Verification answer = keys.verify(presented, ClientRequest.from("192.0.2.7"));
        if (answer instanceof Verification.Rejected rejected) {
            Rejection reason = rejected.reason(); // for your log; tell the client only that the token was rejected
            return "rejected: " + reason;
        }
        KeyPrincipal principal = answer.orElseThrow();
        return principal.getName() + (principal.scopes().allows("read:systems") ? " may read" : " may not read");
        // end::verify[]
    }

    @Test
    void scopes() {
        // tag::scope-policy[]
        ScopePolicy policy = new ScopePolicy(
                Scopes.of("read:*"), // what the mode READ stands for
                Scopes.of("read:*", "write:*"), // what WRITE stands for
                Scopes.of("delete:*", "billing:*")); // what no key may do, whatever its grant and its owner
        KeyService keys = KeyService.builder(store).scopePolicy(policy).build();

        IssuedKey issued =
                keys.issue(KeySpec.forUser("alice", "org_1").named("Exporter").scopes("read:systems", "write:reports"));
        // end::scope-policy[]
        KeyPrincipal principal = keys.verify(issued.token().reveal()).orElseThrow();
        assertThat(principal.scopes().allows("write:reports")).isTrue();
        assertThat(principal.scopes().allows("write:systems")).isFalse();
        keys.close();
    }

    private record User(boolean suspended, Scopes scopes) {}

    @Test
    void owners() {
        Map<String, User> users = new ConcurrentHashMap<>();
        users.put("alice", new User(false, Scopes.of("read:systems")));
        // tag::owners[]
        OwnerDirectory directory = owner -> {
            User user = users.get(String.valueOf(owner.user()));
            return user == null || user.suspended()
                    ? OwnerDirectory.State.inactive()
                    : OwnerDirectory.State.active(user.scopes());
        };
        KeyService keys = KeyService.builder(store)
                .ownerDirectory(directory)
                .ownerStateMaxAge(Duration.ofSeconds(5))
                .build();
        // end::owners[]
        String token = keys.issue(KeySpec.forUser("alice", "org_1").named("CRM").mode(Mode.WRITE))
                .token()
                .reveal();
        assertThat(keys.verify(token).orElseThrow().scopes().asScopes()).isEqualTo(Scopes.of("read:systems"));
        // tag::owner-changed[]
        users.put("alice", new User(true, Scopes.NONE)); // first your own transaction
        keys.ownerChanged(Owner.user("alice")); // then this: alice in every organization
        // end::owner-changed[]
        assertThat(keys.verify(token)).isEqualTo(new Verification.Rejected(Rejection.OWNER_INACTIVE));
        keys.close();
    }

    @Test
    void lifecycle() {
        try (KeyService keys = KeyService.builder(store).build()) {
            ApiKey key = keys.issue(
                            KeySpec.forUser("alice", "org_1").named("CRM").mode(Mode.WRITE))
                    .key();
            // tag::lifecycle[]
            Actor actor = new Actor("alice", ClientRequest.from("192.0.2.7"));
            KeyRef ref = KeyRef.ownedBy(key.id(), KeyKind.PERSONAL, Owner.user("alice", "org_1"));

            keys.update(ref, KeyUpdate.nothing().named("CRM, read only").mode(Mode.READ), actor);
            keys.pause(ref, actor);
            keys.resume(ref, actor);
            keys.revoke(ref, actor, "the laptop was stolen");
            // end::lifecycle[]
            assertThat(keys.find(ref).orElseThrow().revocation()).isNotNull();
        }
    }

    @Test
    void rotating() {
        try (KeyService keys = KeyService.builder(store).build()) {
            IssuedKey issued =
                    keys.issue(KeySpec.forUser("alice", "org_1").named("CRM").mode(Mode.READ));
            KeyRef ref = KeyRef.of(issued.key().id());
            Actor actor = Actor.of("alice");
            // tag::rotate[]
            IssuedKey rotated = keys.rotate(ref, Duration.ofHours(2), actor);
            // end::rotate[]
            assertThat(rotated.key().id()).isEqualTo(issued.key().id());
            assertThat(keys.verify(issued.token().reveal())).isInstanceOf(Verification.Accepted.class);
            assertThat(keys.verify(rotated.token().reveal())).isInstanceOf(Verification.Accepted.class);
        }
    }

    @Test
    void peppers() {
        String first = Base64.getEncoder().encodeToString(new byte[32]);
        String second = Base64.getEncoder().encodeToString("another pepper of 32 bytes or so".getBytes(UTF_8));
        Map<String, String> secrets = Map.of("PEPPER_2026", first, "PEPPER_2027", second);
        String token;
        // tag::pepper[]
        KeyService keys = KeyService.builder(store)
                .pepper(Pepper.ofBase64("2026", secrets.get("PEPPER_2026")))
                .build();
        // end::pepper[]
        token = keys.issue(KeySpec.forUser("alice", "org_1").named("CRM").mode(Mode.READ))
                .token()
                .reveal();
        keys.close();
        // tag::pepper-rotation[]
        KeyService later = KeyService.builder(store)
                .pepper(Pepper.ofBase64("2027", secrets.get("PEPPER_2027"))) // for new hashes
                .oldPepper(Pepper.ofBase64("2026", secrets.get("PEPPER_2026"))) // still accepted
                .build();
        // end::pepper-rotation[]
        assertThat(later.verify(token)).isInstanceOf(Verification.Accepted.class);
        later.flush();
        assertThat(later.stats().rehashes()).isEqualTo(1);
        later.close();
    }

    @Test
    void importing() {
        String oldId = "k17";
        String oldHash = BcryptFunction.getInstance(Bcrypt.B, 4).hash("7Zr-2f").getResult();
        // tag::importing[]
        // acme_live_<id>.<secret>, and the secret was hashed
        TokenFormat format = TokenFormat.builder()
                .alsoAccept(ImportedTokens.separated("acme_live_", '.'))
                .build();
        KeyService keys = KeyService.builder(store)
                .tokenFormat(format)
                .passwordHashing(new Password4jHashing())
                .build();
        ApiKey imported = keys.importKey(
                KeySpec.forUser("alice", "org_1").named("CRM, since 2021").mode(Mode.READ),
                ImportedToken.of(oldId, oldHash));
        // end::importing[]
        assertThat(keys.verify("acme_live_k17.7Zr-2f").orElseThrow().keyId()).isEqualTo(imported.id());
        assertThat(keys.verify("acme_live_k17.7Zr-2g")).isInstanceOf(Verification.Rejected.class);
        keys.close();
    }

    @Test
    void policy() {
        // tag::policy[]
        KeyPolicy policy = KeyPolicy.DEFAULT
                .lifetime(Duration.ofDays(30), Duration.ofDays(180))
                .maxActive(KeyKind.PERSONAL, 10)
                .rotationGrace(Duration.ofHours(1))
                .organizationKeysMayNeverExpire();
        TokenFormat format = TokenFormat.builder().prefix("acme").checksum().build();
        KeyService keys =
                KeyService.builder(store).policy(policy).tokenFormat(format).build();
        // end::policy[]
        IssuedKey issued = keys.issue(
                KeySpec.forOrganization("org_1").named("CI").mode(Mode.READ).neverExpires());
        assertThat(issued.token().reveal()).startsWith("acme_");
        // tag::scanner[]
        String pattern = keys.tokenFormat().scannerPattern();
        // end::scanner[]
        assertThat(Pattern.compile(pattern)
                        .matcher("key=" + issued.token().reveal() + ";")
                        .find())
                .isTrue();
        keys.close();
    }

    @Test
    void lists() {
        try (KeyService keys = KeyService.builder(store).build()) {
            Owner owner = Owner.user("alice", "org_1");
            ApiKey issued = keys.issue(
                            KeySpec.forUser("alice", "org_1").named("CRM").mode(Mode.READ))
                    .key();
            // tag::lists[]
            Page<ApiKey> hits =
                    keys.list(KeyFilter.everything().organization("org_1").search("crm"), PageRequest.page(1, 20));
            List<ApiKey> own = keys.listAll(KeyFilter.ownedBy(KeyKind.PERSONAL, owner));
            ApiKey.Status status = own.get(0).status(Instant.now());
            // end::lists[]
            assertThat(hits.items()).containsExactly(issued);
            assertThat(status).isEqualTo(ApiKey.Status.ACTIVE);
        }
    }

    @Test
    void watching() {
        List<String> log = new ArrayList<>();
        // tag::events[]
        KeyService keys = KeyService.builder(store)
                .listener(event -> {
                    if (event instanceof KeyEvent.Revoked revoked) {
                        log.add(revoked.key().name() + " was revoked by "
                                + revoked.actor().id());
                    }
                })
                .build();
        // end::events[]
        Owner owner = Owner.user("alice", "org_1");
        ApiKey key = keys.issue(KeySpec.forUser("alice", "org_1").named("CRM").mode(Mode.READ))
                .key();
        keys.revoke(KeyRef.of(key.id()), Actor.of("root"), "");
        assertThat(log).containsExactly("CRM was revoked by root");
        // tag::audit[]
        Page<AuditEntry> trail = keys.audit(
                AuditFilter.ownedBy(KeyKind.PERSONAL, owner).event(AuditEvent.REVOKED), PageRequest.first(20));
        // end::audit[]
        assertThat(trail.items()).map(AuditEntry::actor).containsExactly("root");
        // tag::stats[]
        KeyServiceStats stats = keys.stats();
        long guessed = stats.rejected().getOrDefault(Rejection.SECRET_MISMATCH, 0L);
        // end::stats[]
        assertThat(guessed).isZero();
        keys.close();
    }
}
