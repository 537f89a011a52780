package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.mcp.IdAllowlist;
import dev.apikeys.mcp.McpPermission;
import dev.apikeys.mcp.McpPolicy;
import dev.apikeys.mcp.McpPreset;
import dev.apikeys.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The expiry of a key moves earlier, and later only where the policy allows it; and what counts as widening a key. */
class ExpiryChangeTest {
    private static final Instant START = Instant.parse("2026-02-03T09:42:00Z");
    private static final Actor ALICE = Actor.of("alice");

    private final SettableClock clock = new SettableClock(START);
    private KeyService keys = service(KeyPolicy.DEFAULT);

    private KeyService service(KeyPolicy policy) {
        return KeyService.builder(new InMemoryApiKeyStore())
                .clock(clock)
                .policy(policy)
                .build();
    }

    private ApiKey issue() {
        return keys.issue(KeySpec.forUser("alice").named("CRM").mode(Mode.READ)).key();
    }

    private ApiKey change(ApiKey key, KeyUpdate update) {
        return keys.update(KeyRef.of(key.id()), update, ALICE);
    }

    @AfterEach
    void tearDown() {
        keys.close();
    }

    @Test
    void expiry_earlier_endsTheKeyThen() {
        IssuedKey issued = keys.issue(KeySpec.forUser("alice").named("CRM").mode(Mode.READ));
        assertThat(keys.verify(issued.token().reveal())).isInstanceOf(Verification.Accepted.class);

        Instant end = START.plusSeconds(60);
        ApiKey changed = change(issued.key(), KeyUpdate.nothing().expiresAt(end));

        assertThat(changed.expiresAt()).isEqualTo(end);
        assertThat(changed.version()).isEqualTo(issued.key().version() + 1);
        clock.advance(Duration.ofSeconds(60));
        assertThat(keys.verify(issued.token().reveal())).isInstanceOf(Verification.Rejected.class);
    }

    @Test
    void expiry_laterOrPast_isRefused_andNothingIsWritten() {
        ApiKey key = issue();
        for (Instant end : List.of(START, START.minusSeconds(1), START.plus(Duration.ofDays(91)))) {
            assertThatThrownBy(() -> change(key, KeyUpdate.nothing().expiresAt(end)))
                    .isInstanceOf(ExpiryNotAllowedException.class);
        }
        assertThat(keys.find(key.id())).contains(key);
    }

    @Test
    void expiry_later_isAllowedByThePolicyUpToTheLongestLifetimeFromNow() {
        keys.close();
        keys = service(KeyPolicy.DEFAULT.expiryMayMoveLater());
        ApiKey key = issue();
        Instant longest = START.plus(Duration.ofDays(365));
        assertThat(change(key, KeyUpdate.nothing().expiresAt(longest)).expiresAt())
                .isEqualTo(longest);
        assertThatThrownBy(() -> change(key, KeyUpdate.nothing().expiresAt(longest.plusMillis(1))))
                .isInstanceOf(ExpiryNotAllowedException.class);
    }

    @Test
    void update_forAnotherVersion_isRefused() {
        ApiKey key = issue();
        KeyUpdate narrow = KeyUpdate.nothing().mode(Mode.READ).ifStill(key.version());
        change(key, KeyUpdate.nothing().named("ERP"));
        assertThatThrownBy(() -> change(key, narrow)).isInstanceOf(ConcurrentChangeException.class);
    }

    @Test
    void update_thatLetsTheKeyDoMore_widensIt() {
        ApiKey key = issue();
        ApiKey inside = change(key, KeyUpdate.nothing().allowedFrom("10.0.0.0/8", "192.0.2.7"));
        KeyUpdate nothing = KeyUpdate.nothing();
        for (KeyUpdate wider : List.of(
                nothing.mode(Mode.WRITE),
                nothing.scopes(Scopes.of("destroy:systems")),
                nothing.allowedFromEverywhere(),
                nothing.allowedFrom("10.0.0.0/7"),
                nothing.allowedFrom("10.1.0.0/16", "192.0.2.8"),
                nothing.expiresAt(START.plus(Duration.ofDays(91))))) {
            assertThat(wider.widens(inside, keys::scopesOf)).isTrue();
        }
        for (KeyUpdate narrower : List.of(
                nothing,
                nothing.named("ERP"),
                nothing.mode(Mode.READ),
                nothing.scopes(Scopes.of("read:systems")),
                nothing.allowedFrom("10.1.0.0/16", "192.0.2.7"),
                nothing.expiresAt(START.plusSeconds(1)))) {
            assertThat(narrower.widens(inside, keys::scopesOf)).isFalse();
        }
        assertThat(nothing.allowedFrom("10.0.0.0/8").widens(key, keys::scopesOf))
                .isFalse();
    }

    @Test
    void update_thatLetsAgentsDoMore_widensTheKey() {
        ApiKey key = change(
                issue(),
                KeyUpdate.nothing()
                        .mcp(none -> McpPolicy.of(McpPreset.STANDARD).projects(IdAllowlist.of(List.of("p1", "p2")))));
        KeyUpdate nothing = KeyUpdate.nothing();
        for (KeyUpdate wider : List.of(
                nothing.mcp(policy -> policy.preset(McpPreset.FULL)),
                nothing.mcp(policy -> policy.projects(IdAllowlist.of(List.of("p1", "p3")))),
                nothing.mcp(policy -> policy.projects(IdAllowlist.EVERY)),
                nothing.mcp(policy -> policy.permissions(List.of(McpPermission.values()))))) {
            assertThat(wider.widens(key, keys::scopesOf)).isTrue();
        }
        for (KeyUpdate narrower : List.of(
                nothing.mcp(policy -> policy),
                nothing.mcp(policy -> policy.preset(McpPreset.NONE)),
                nothing.mcp(policy -> policy.preset(McpPreset.READ_ONLY)),
                nothing.mcp(McpPolicy::onlyReading),
                nothing.mcp(McpPolicy::pause),
                nothing.mcp(policy -> policy.projects(IdAllowlist.of(List.of("p2")))))) {
            assertThat(narrower.widens(key, keys::scopesOf)).isFalse();
        }
        ApiKey without = change(issue(), nothing);
        assertThat(nothing.mcp(none -> McpPolicy.of(McpPreset.READ_ONLY)).widens(without, keys::scopesOf))
                .isTrue();
    }
}
