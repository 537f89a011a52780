package dev.apikeys.spring;

import dev.apikeys.KeyService;
import dev.apikeys.management.CsrfTokens;
import dev.apikeys.management.ManagementServlet;
import dev.apikeys.management.ScopeCatalogue;
import dev.apikeys.management.SessionResolver;
import dev.apikeys.management.ToolCatalogue;
import dev.apikeys.servlet.ClientAddress;
import dev.apikeys.spi.StepUp;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextHolderStrategy;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.crypto.factory.PasswordEncoderFactories;
import org.springframework.security.crypto.password.PasswordEncoder;

/** Mounts the management endpoints that have a path. Who is calling comes from Spring Security. */
@AutoConfiguration(
        after = {ApiKeysAutoConfiguration.class, ApiKeysServletAutoConfiguration.class},
        afterName = {
            "org.springframework.boot.autoconfigure.security.servlet.UserDetailsServiceAutoConfiguration",
            "org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration"
        })
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass({ManagementServlet.class, UserDetailsService.class})
@ConditionalOnBean(KeyService.class)
@EnableConfigurationProperties(ManagementProperties.class)
public class ApiKeysManagementAutoConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(ApiKeysManagementAutoConfiguration.class);
    private static final String PREFIX = "apikeys.management.";

    /** The name of the bean, by which it is known whether there can be endpoints. */
    static final String MOUNTS = "apiKeyManagementMounts";

    /** Who is calling. */
    @Bean
    @ConditionalOnMissingBean
    public SessionResolver apiKeySessionResolver(
            ObjectProvider<OrganizationResolver> organizations,
            ObjectProvider<SecurityContextHolderStrategy> holder,
            ManagementProperties management) {
        return new SpringSessionResolver(
                holder.getIfUnique(SecurityContextHolder::getContextHolderStrategy),
                organizations.getIfAvailable(() -> person -> Optional.empty()),
                management.administratorAuthority());
    }

    /** Checks passwords as the application's own login does. */
    @Bean
    @ConditionalOnMissingBean(StepUp.class)
    @ConditionalOnSingleCandidate(UserDetailsService.class)
    public PasswordEncoderStepUp apiKeyStepUp(UserDetailsService users, ObjectProvider<PasswordEncoder> encoder) {
        // Without a bean, and with several, the encoder that Spring Security's own login takes.
        return new PasswordEncoderStepUp(
                users, encoder.getIfUnique(PasswordEncoderFactories::createDelegatingPasswordEncoder));
    }

    /** The token of Spring Security's protection, in the form that its default handler wants in a header. */
    @Bean
    @ConditionalOnMissingBean
    public CsrfTokens apiKeyCsrfTokens() {
        return MountFactory::csrfToken;
    }

    @Bean
    MountParts apiKeyManagementParts(
            ClientAddress address,
            CsrfTokens csrf,
            ObjectProvider<ToolCatalogue> tools,
            ManagementProperties management,
            ObjectProvider<StepUp> stepUp) {
        StepUp proof = management.stepUp() ? proof("step-up", stepUp) : null;
        return new MountParts(address, csrf, tools.getIfAvailable(() -> caller -> List.of()), proof);
    }

    /** What all mounts share. */
    @Bean(MOUNTS)
    @ConditionalOnMissingBean
    MountFactory apiKeyManagementMounts(
            KeyService keys, SessionResolver sessions, MountParts parts, ManagementProperties management) {
        return new MountFactory(keys, sessions, parts, management);
    }

    @Bean
    @ConditionalOnProperty(PREFIX + "personal.path")
    ManagementEntryPoint apiKeyPersonalMount(
            MountFactory mounts, ManagementProperties management, ObjectProvider<StepUp> stepUp) {
        StepUp proof = proof("personal.path", stepUp);
        return mounts.mount("personal", management.personal(), to -> to.personalKeys(proof));
    }

    @Bean
    @ConditionalOnProperty(PREFIX + "workspace.path")
    ManagementEntryPoint apiKeyWorkspaceMount(
            MountFactory mounts, ManagementProperties management, ObjectProvider<ScopeCatalogue> catalogue) {
        ScopeCatalogue scopes = scopesOf("workspace", catalogue);
        return mounts.mount("workspace", management.workspace(), to -> to.workspaceKeys(scopes));
    }

    @Bean
    @ConditionalOnProperty(PREFIX + "tenant.path")
    ManagementEntryPoint apiKeyTenantMount(
            MountFactory mounts,
            ManagementProperties management,
            ObjectProvider<ScopeCatalogue> catalogue,
            SessionResolver sessions,
            ObjectProvider<OrganizationResolver> organizations) {
        ScopeCatalogue scopes = scopesOf("tenant", catalogue);
        if (sessions instanceof SpringSessionResolver && organizations.getIfAvailable() == null) {
            LOG.warn(
                    "There is no bean of type OrganizationResolver, so nobody is in an organization, and everybody gets 403"
                            + " below {}tenant.path",
                    PREFIX);
        }
        return mounts.mount("tenant", management.tenant(), to -> to.tenantKeys(scopes));
    }

    @Bean
    @ConditionalOnProperty(PREFIX + "admin.path")
    ManagementEntryPoint apiKeyAdminMount(MountFactory mounts, ManagementProperties management) {
        return mounts.mount("admin", management.admin(), ManagementServlet.Builder::administration);
    }

    @Bean
    @ConditionalOnProperty(PREFIX + "personal.path")
    ServletRegistrationBean<ManagementServlet> apiKeyPersonalServlet(
            @Qualifier("apiKeyPersonalMount") ManagementEntryPoint mount) {
        return registration("apiKeyPersonalServlet", mount);
    }

    @Bean
    @ConditionalOnProperty(PREFIX + "workspace.path")
    ServletRegistrationBean<ManagementServlet> apiKeyWorkspaceServlet(
            @Qualifier("apiKeyWorkspaceMount") ManagementEntryPoint mount) {
        return registration("apiKeyWorkspaceServlet", mount);
    }

    @Bean
    @ConditionalOnProperty(PREFIX + "tenant.path")
    ServletRegistrationBean<ManagementServlet> apiKeyTenantServlet(
            @Qualifier("apiKeyTenantMount") ManagementEntryPoint mount) {
        return registration("apiKeyTenantServlet", mount);
    }

    @Bean
    @ConditionalOnProperty(PREFIX + "admin.path")
    ServletRegistrationBean<ManagementServlet> apiKeyAdminServlet(
            @Qualifier("apiKeyAdminMount") ManagementEntryPoint mount) {
        return registration("apiKeyAdminServlet", mount);
    }

    private static ServletRegistrationBean<ManagementServlet> registration(String name, ManagementEntryPoint mount) {
        ServletRegistrationBean<ManagementServlet> registration =
                new ServletRegistrationBean<>(mount.servlet(), mount.path() + "/*");
        registration.setName(name);
        // So that what is refused in front is told in its envelope from the first request on.
        registration.setLoadOnStartup(1);
        return registration;
    }

    private static ScopeCatalogue scopesOf(String family, ObjectProvider<ScopeCatalogue> catalogue) {
        return required(
                catalogue.getIfAvailable(),
                family + ".path",
                "a bean of type ScopeCatalogue: what a person may hand on");
    }

    private static StepUp proof(String property, ObjectProvider<StepUp> stepUp) {
        return required(
                stepUp.getIfAvailable(),
                property,
                "a bean of type StepUp, or of type UserDetailsService, to check the password before a key is minted. Of several"
                        + " UserDetailsService beans, mark one with @Primary");
    }

    private static <T> T required(@Nullable T bean, String property, String what) {
        if (bean == null) {
            throw new InvalidSettingException(PREFIX + property, "these endpoints need " + what);
        }
        return bean;
    }
}
