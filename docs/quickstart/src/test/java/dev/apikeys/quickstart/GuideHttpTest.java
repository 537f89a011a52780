package dev.apikeys.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.InMemoryApiKeyStore;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyOptions;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import dev.apikeys.management.Caller;
import dev.apikeys.management.ManagementServlet;
import dev.apikeys.management.ScopeCatalogue;
import dev.apikeys.management.ScopeCatalogue.Grantable;
import dev.apikeys.management.ScopeCatalogue.ScopeGroup;
import dev.apikeys.management.SessionResolver;
import dev.apikeys.mcp.McpCall;
import dev.apikeys.mcp.McpPolicy;
import dev.apikeys.mcp.McpPreset;
import dev.apikeys.mcp.servlet.CallClassifier;
import dev.apikeys.mcp.servlet.CallClassifier.AgentCall;
import dev.apikeys.mcp.servlet.GuardFilter;
import dev.apikeys.password4j.PasswordStepUp;
import dev.apikeys.servlet.ApiKeyFilter;
import dev.apikeys.servlet.Bucket4jRateLimit;
import dev.apikeys.servlet.ClientAddress;
import dev.apikeys.servlet.Cors;
import dev.apikeys.servlet.CredentialPlaces;
import dev.apikeys.servlet.RateQuota;
import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.StepUp;
import dev.apikeys.spi.StepUp.Password;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The guide's snippets about filter, endpoints and agents, run. */
class GuideHttpTest {
    private final ApiKeyStore store = new InMemoryApiKeyStore();

    @Test
    void filter() {
        try (KeyService keys = KeyService.builder(store).build()) {
            // tag::filter[]
            ApiKeyFilter filter = ApiKeyFilter.builder(keys)
                    .permitAll("GET", "/health")
                    .requireKey("GET", "/whoami")
                    .require("GET", "/systems/**", "read:systems")
                    .require("*", "/systems/**", "manage:systems")
                    .clientAddress(ClientAddress.behindProxies("10.0.0.0/8"))
                    .build();
            // end::filter[]
            assertThat(filter).isNotNull();
        }
    }

    @Test
    void places() {
        try (KeyService keys = KeyService.builder(store).build()) {
            // tag::places[]
            CredentialPlaces places = CredentialPlaces.DEFAULT
                    .header("Api-Key") // instead of X-API-Key
                    .schemes("Token", "Bearer") // Authorization: Token …, as well as Bearer
                    .acceptBasic() // curl -u <key>:
                    .ignoreForeignAuthorization();
            ApiKeyFilter filter = ApiKeyFilter.builder(keys)
                    .credentials(places)
                    .requireKey("*", "/api/**")
                    .build();
            // end::places[]
            assertThat(filter).isNotNull();
        }
    }

    @Test
    void cors() {
        try (KeyService keys = KeyService.builder(store).build()) {
            // tag::cors[]
            Cors cors = Cors.allow("https://app.example.com").maxAge(Duration.ofMinutes(30));
            ApiKeyFilter filter = ApiKeyFilter.builder(keys)
                    .cors(cors)
                    .requireKey("*", "/api/**")
                    .build();
            // end::cors[]
            assertThat(filter).isNotNull();
        }
    }

    /** What a host has, for passkeys. */
    private interface Ceremonies {
        boolean verify(String user, String assertion);
    }

    /** What a host has, of logins. */
    private interface Logins {
        boolean isRecent(String user);
    }

    @Test
    void proofs() {
        Ceremonies ceremonies = (user, assertion) -> assertion.equals("signed");
        Logins logins = "alice"::equals;
        // tag::proofs[]
        StepUp passkeys = StepUp.asking(
                "passkey",
                (user, proof) -> ceremonies.verify(user, proof.reveal()) ? StepUp.Result.PROVEN : StepUp.Result.WRONG);
        StepUp recentLogin =
                StepUp.askingNothing(user -> logins.isRecent(user) ? StepUp.Result.PROVEN : StepUp.Result.WRONG);
        // end::proofs[]
        assertThat(passkeys.prove("alice", Password.of("signed"))).isEqualTo(StepUp.Result.PROVEN);
        assertThat(recentLogin.prove("bob", Password.of(""))).isEqualTo(StepUp.Result.WRONG);
    }

    @Test
    void rateLimits() {
        try (KeyService keys = KeyService.builder(store).build()) {
            // tag::rate-limit[]
            ApiKeyFilter filter = ApiKeyFilter.builder(keys)
                    .requireKey("*", "/api/**")
                    .rateLimit(Bucket4jRateLimit.local(RateQuota.perSecond(50).burst(100)))
                    .build();
            // end::rate-limit[]
            assertThat(filter).isNotNull();
        }
    }

    @Test
    void management() {
        try (KeyService keys = KeyService.builder(store).build()) {
            Map<String, String> hashes = new ConcurrentHashMap<>();
            // tag::management[]
            SessionResolver sessions = request -> request.getAttribute("my.user") instanceof String user
                    ? Caller.session(user).inOrganization("org_1")
                    : Caller.anonymous();
            StepUp passwords = new PasswordStepUp(user -> Optional.ofNullable(hashes.get(user)));

            ManagementServlet servlet = ManagementServlet.builder(keys, sessions)
                    .personalKeys(passwords)
                    .allowedOrigins("https://app.example.com")
                    .build();
            // end::management[]
            assertThat(servlet).isNotNull();
        }
    }

    @Test
    void families() {
        SessionResolver sessions = request -> Caller.anonymous();
        try (KeyService keys = KeyService.builder(store).build()) {
            // tag::families[]
            ScopeCatalogue catalogue = (caller, owner) -> "org_1".equals(owner.organization())
                    ? Grantable.scopes(ScopeGroup.of("systems", "read", "manage"), ScopeGroup.of("users", "read"))
                    : Grantable.notAMember();

            ManagementServlet workspaceKeys = ManagementServlet.builder(keys, sessions)
                    .workspaceKeys(catalogue)
                    .build();
            ManagementServlet tenantKeys = ManagementServlet.builder(keys, sessions)
                    .tenantKeys(catalogue)
                    .build();
            ManagementServlet administration =
                    ManagementServlet.builder(keys, sessions).administration().build();
            // end::families[]
            assertThat(List.of(workspaceKeys, tenantKeys, administration)).doesNotHaveDuplicates();
        }
    }

    @Test
    void agents() {
        Map<String, McpPolicy> ceilings = Map.of("org_1", McpPolicy.of(McpPreset.STANDARD));
        try (KeyService keys = KeyService.builder(store).build()) {
            // tag::mcp[]
            GuardFilter guard = GuardFilter.builder(keys)
                    .ceiling(owner -> ceilings.getOrDefault(String.valueOf(owner.organization()), McpPolicy.DEFAULT))
                    .classifier(new CallClassifier() {
                        @Override
                        public @Nullable String project(HttpServletRequest request, AgentCall call) {
                            return call.arguments().get("projectId"); // where your tools name it
                        }
                    })
                    .build();

            IssuedKey agent = keys.issue(KeySpec.forUser("alice", "org_1")
                    .named("Assistant")
                    .mode(Mode.READ)
                    .with(KeyOptions.DEFAULT.with(McpPolicy.of(McpPreset.READ_ONLY)
                            .allowlistMode(McpPolicy.AllowlistMode.LISTED)
                            .tools(List.of("systems_*")))));
            // end::mcp[]
            assertThat(guard).isNotNull();
            McpPolicy policy = keys.verify(agent.token().reveal()).orElseThrow().mcp();
            assertThat(policy.decide(McpCall.tool("systems_get").knownReadOnly())
                            .isAllowed())
                    .isTrue();
            assertThat(policy.decide(McpCall.tool("systems_delete")).isAllowed())
                    .isFalse();
        }
    }
}
