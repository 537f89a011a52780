package dev.apikeys.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.InMemoryApiKeyStore;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import dev.apikeys.Scopes;
import dev.apikeys.management.Caller;
import dev.apikeys.management.ScopeCatalogue;
import dev.apikeys.management.SessionResolver;
import dev.apikeys.mcp.servlet.CallClassifier;
import dev.apikeys.servlet.ApiKeyFilter;
import dev.apikeys.servlet.ClientAddress;
import dev.apikeys.servlet.KeyAuthenticator;
import dev.apikeys.servlet.RateLimit;
import dev.apikeys.servlet.RateQuota;
import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.FeedSource;
import dev.apikeys.spi.KeyEventListener;
import dev.apikeys.spi.OwnerDirectory;
import dev.apikeys.spi.StepUp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.assertj.AssertableWebApplicationContext;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.util.StringUtils;

/** The application's own beans are taken; several where one is meant end the start. */
class BeansTest {
    private final WebApplicationContextRunner unmounted = new WebApplicationContextRunner()
            .withBean(ApiKeyStore.class, InMemoryApiKeyStore::new)
            .withConfiguration(AutoConfigurations.of(
                    ApiKeysAutoConfiguration.class,
                    ApiKeysScopesAutoConfiguration.class,
                    ApiKeysServletAutoConfiguration.class,
                    ApiKeysManagementAutoConfiguration.class));
    private final WebApplicationContextRunner runner =
            unmounted.withPropertyValues("apikeys.management.personal.path=/me/api-keys");

    @Test
    void webBeans_giveWayToTheApplicationsOwn() {
        StepUp stepUp = (user, typed) -> StepUp.Result.WRONG;
        SessionResolver sessions = request -> Caller.anonymous();
        ClientAddress address = ClientAddress.direct();
        ScopeAuthorities scopes = ScopeAuthorities.declaring(Scopes.of("read:mine"));
        runner.withBean(StepUp.class, () -> stepUp)
                .withBean(SessionResolver.class, () -> sessions)
                .withBean(ClientAddress.class, () -> address)
                .withBean(ScopeAuthorities.class, () -> scopes)
                .withBean(
                        "mine",
                        KeyAuthenticator.class,
                        () -> ApiKeyFilter.builder(KeyService.builder(new InMemoryApiKeyStore())
                                        .build())
                                .authenticator())
                .run(context -> {
                    assertThat(context.getBean(StepUp.class)).isSameAs(stepUp);
                    assertThat(context.getBean(SessionResolver.class)).isSameAs(sessions);
                    assertThat(context.getBean(ClientAddress.class)).isSameAs(address);
                    assertThat(context.getBean(ScopeAuthorities.class)).isSameAs(scopes);
                    assertThat(context).getBean(KeyAuthenticator.class).isSameAs(context.getBean("mine"));
                });
    }

    @Test
    void passwordsOfTheApplication_areTheStepUp() {
        runner.withBean(UserDetailsService.class, BeansTest::users)
                .run(context -> assertThat(context).hasSingleBean(PasswordEncoderStepUp.class));
    }

    @Test
    void severalSourcesOfPeople_endNothing_whereNothingAsksForThem() {
        unmounted
                .withBean("people", UserDetailsService.class, BeansTest::users)
                .withBean("machines", UserDetailsService.class, BeansTest::users)
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(StepUp.class));
        unmounted
                .withBean("people", UserDetailsService.class, BeansTest::users)
                .withBean(
                        "machines",
                        UserDetailsService.class,
                        BeansTest::users,
                        definition -> definition.setPrimary(true))
                .run(context -> assertThat(context).hasSingleBean(PasswordEncoderStepUp.class));
        runner.withBean("people", UserDetailsService.class, BeansTest::users)
                .withBean("machines", UserDetailsService.class, BeansTest::users)
                .run(context -> assertThat(new ApiKeysFailureAnalyzer()
                                .analyze(context.getStartupFailure())
                                .getDescription())
                        .contains("apikeys.management.personal.path", "UserDetailsService", "@Primary"));
    }

    /** As in Spring Security's own login, where the beginning of the stored password says which one it is. */
    @Test
    void severalPasswordEncoders_areNone() {
        runner.withBean(UserDetailsService.class, BeansTest::users)
                .withBean("new", PasswordEncoder.class, BCryptPasswordEncoder::new)
                .withBean("old", PasswordEncoder.class, BCryptPasswordEncoder::new)
                .run(context -> {
                    StepUp stepUp = context.getBean(StepUp.class);
                    assertThat(stepUp.prove("alice", StepUp.Password.of("pw"))).isEqualTo(StepUp.Result.PROVEN);
                });
    }

    @Test
    void namesOfOurBeans_leaveTheApplicationsAlone() {
        WebApplicationContextRunner named = runner.withBean(UserDetailsService.class, BeansTest::users)
                .withPropertyValues("apikeys.management.admin.path=/admin/api-keys");
        for (String name : List.of("keyService", "keyAuthenticator", "personalApiKeys", "adminApiKeysServlet")) {
            named = named.withBean(name, String.class, () -> "of the application");
        }
        named.run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void twoFamiliesOnOnePath_areRefused() {
        runner.withBean(UserDetailsService.class, BeansTest::users)
                .withPropertyValues("apikeys.management.admin.path=/me/api-keys")
                .run(context -> assertThat(new ApiKeysFailureAnalyzer()
                                .analyze(context.getStartupFailure())
                                .getDescription())
                        .contains("apikeys.management.admin.path", "/me/api-keys", "personal"));
    }

    @Test
    void periodOfRatesWithoutUnit_isRefused() {
        runner.withBean(UserDetailsService.class, BeansTest::users)
                .withPropertyValues("apikeys.request.rate-limit.requests=5", "apikeys.request.rate-limit.period=60")
                .run(context -> assertThat(new ApiKeysFailureAnalyzer()
                                .analyze(context.getStartupFailure())
                                .getDescription())
                        .contains("apikeys.request.rate-limit.period", "milliseconds"));
    }

    @Test
    void missingStepUp_isExplained() {
        runner.run(context -> {
            FailureAnalysis analysis = new ApiKeysFailureAnalyzer().analyze(context.getStartupFailure());
            assertThat(analysis.getDescription())
                    .contains("apikeys.management.personal.path", "StepUp", "UserDetailsService");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"workspace", "tenant"})
    void endpointsThatGrantScopes_needTheCatalogueOfTheApplication(String family) {
        WebApplicationContextRunner mounted = runner.withBean(UserDetailsService.class, BeansTest::users)
                .withPropertyValues("apikeys.management." + family + ".path=/api/keys");
        mounted.run(context -> {
            FailureAnalysis analysis = new ApiKeysFailureAnalyzer().analyze(context.getStartupFailure());
            assertThat(analysis.getDescription()).contains("apikeys.management." + family + ".path", "ScopeCatalogue");
        });
        mounted.withBean(ScopeCatalogue.class, () -> (caller, owner) -> ScopeCatalogue.Grantable.scopes())
                .run(context -> assertThat(context).hasBean(servlet(family)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"workspace", "tenant"})
    void keysOfOthers_needAProof_whereTheApplicationSaysSo(String family) {
        Caller person = Caller.session("alice").inOrganization("org_1");
        WebApplicationContextRunner mounted = runner.withBean(
                        ScopeCatalogue.class, () -> (caller, owner) -> ScopeCatalogue.Grantable.scopes())
                .withBean(SessionResolver.class, () -> request -> person)
                .withBean(UserDetailsService.class, BeansTest::users)
                .withPropertyValues("apikeys.management." + family + ".path=/api/keys");
        mounted.run(context -> assertThat(settings(context, family)).contains("\"proof\":null"));
        mounted.withPropertyValues("apikeys.management.step-up=true")
                .run(context -> assertThat(settings(context, family)).contains("\"proof\":\"password\""));
    }

    private static String servlet(String family) {
        return "apiKey" + StringUtils.capitalize(family) + "Servlet";
    }

    private static String settings(AssertableWebApplicationContext context, String family) throws Exception {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", "/api/keys/settings");
        request.setServletPath("/api/keys");
        request.setPathInfo("/settings");
        MockHttpServletResponse response = new MockHttpServletResponse();
        context.getBean(servlet(family), ServletRegistrationBean.class)
                .getServlet()
                .service(request, response);
        return response.getContentAsString();
    }

    @Test
    void proofForKeysOfOthers_needsABeanThatChecksIt() {
        runner.withPropertyValues("apikeys.management.step-up=true").run(context -> {
            FailureAnalysis analysis = new ApiKeysFailureAnalyzer().analyze(context.getStartupFailure());
            assertThat(analysis.getDescription())
                    .contains("apikeys.management.step-up", "StepUp", "UserDetailsService");
        });
    }

    @Test
    void severalClassifiersOfCalls_orClocks_endTheStart() {
        CallClassifier none = new CallClassifier() {};
        WebApplicationContextRunner people = runner.withBean(UserDetailsService.class, BeansTest::users);
        WebApplicationContextRunner guarded = people.withConfiguration(
                        AutoConfigurations.of(ApiKeysMcpAutoConfiguration.class))
                .withPropertyValues("apikeys.mcp.path=/mcp")
                .withBean("one", CallClassifier.class, () -> none);
        guarded.run(context -> assertThat(context).hasBean("apiKeyMcpGuard"));
        guarded.withBean("other", CallClassifier.class, () -> none)
                .run(context -> assertThat(context).hasFailed());
        people.withBean("one", Clock.class, Clock::systemUTC)
                .withBean("other", Clock.class, Clock::systemUTC)
                .run(context -> assertThat(context).hasFailed());
    }

    @Test
    void listenersAndClock_areTheServices() {
        List<String> heard = new CopyOnWriteArrayList<>();
        Instant then = Instant.parse("2031-02-03T04:05:06Z");
        runner.withBean(UserDetailsService.class, BeansTest::users)
                .withBean("one", KeyEventListener.class, () -> event -> heard.add("one"))
                .withBean("two", KeyEventListener.class, () -> event -> heard.add("two"))
                .withBean(Clock.class, () -> Clock.fixed(then, ZoneOffset.UTC))
                .run(context -> {
                    KeyService keys = context.getBean(KeyService.class);
                    keys.issue(KeySpec.forUser("alice").named("CRM").mode(Mode.READ));
                    assertThat(keys.now()).isEqualTo(then);
                    assertThat(heard).containsExactlyInAnyOrder("one", "two");
                });
    }

    @Test
    void sourceOfChanges_isTheServices_andSeveralEndTheStart() {
        InMemoryApiKeyStore elsewhere = new InMemoryApiKeyStore();
        AtomicInteger opened = new AtomicInteger();
        FeedSource relay = timeout -> {
            opened.incrementAndGet();
            return elsewhere.openChangeFeed(timeout);
        };
        WebApplicationContextRunner one = runner.withBean(UserDetailsService.class, BeansTest::users)
                .withBean("one", FeedSource.class, () -> relay);
        one.run(context -> {
            assertThat(context).hasSingleBean(KeyService.class);
            assertThat(opened).hasPositiveValue();
        });
        one.withBean("two", FeedSource.class, () -> relay)
                .run(context -> assertThat(context).hasFailed());
    }

    @Test
    void severalDirectoriesOfOwners_endTheStart_andNoneIsLeftOutSilently() {
        OwnerDirectory nobody = owner -> OwnerDirectory.State.inactive();
        runner.withBean(UserDetailsService.class, BeansTest::users)
                .withBean("people", OwnerDirectory.class, () -> nobody)
                .withBean("partners", OwnerDirectory.class, () -> nobody)
                .run(context -> {
                    FailureAnalysis analysis = new ApiKeysFailureAnalyzer().analyze(context.getStartupFailure());
                    assertThat(analysis.getDescription()).contains("OwnerDirectory", "people", "partners");
                    assertThat(analysis.getAction()).contains("@Primary");
                });
    }

    @Test
    void rateLimitOfTheApplication_isAsked_andOneByPropertyNeedsBucket4j() {
        RateLimit none = key ->
                new RateLimit.Decision.Refused(new RateQuota(1, Duration.ofSeconds(1), 1), Duration.ofSeconds(7));
        WebApplicationContextRunner people = runner.withBean(UserDetailsService.class, BeansTest::users);
        people.withBean(RateLimit.class, () -> none).run(context -> {
            KeyService keys = context.getBean(KeyService.class);
            MockHttpServletRequest request = new MockHttpServletRequest("GET", "/systems");
            request.addHeader(
                    "X-API-Key",
                    keys.issue(KeySpec.forUser("alice").named("CRM").mode(Mode.READ))
                            .token()
                            .reveal());
            assertThat(context.getBean(KeyAuthenticator.class)
                            .authenticate(request)
                            .isRefused())
                    .isTrue();
        });
        people.withPropertyValues("apikeys.request.rate-limit.requests=5").run(context -> {
            FailureAnalysis analysis = new ApiKeysFailureAnalyzer().analyze(context.getStartupFailure());
            assertThat(analysis.getDescription()).contains("apikeys.request.rate-limit", "bucket4j_jdk17-core");
        });
    }

    private static UserDetailsService users() {
        return new InMemoryUserDetailsManager(
                User.withUsername("alice").password("{noop}pw").build());
    }
}
