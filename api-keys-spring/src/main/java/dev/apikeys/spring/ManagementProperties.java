package dev.apikeys.spring;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The endpoints with which people manage keys. Each family of endpoints is there once it has a path.
 *
 * <p>Immutable and thread-safe.
 *
 * @param personal the personal keys of whoever is logged in; needs a StepUp, which there is with a UserDetailsService
 * @param workspace keys for workspaces; needs a ScopeCatalogue
 * @param tenant the keys of an organization; needs a ScopeCatalogue and an OrganizationResolver
 * @param admin everybody's keys, for administrators
 * @param allowedOrigins the pages from which browsers may change something, such as https://app.example.com; the
 *     application's own by default
 * @param administratorAuthority the authority that makes somebody an administrator
 * @param stepUp whether the keys of workspaces and tenants need a StepUp, too, before one is made, rotated or widened
 * @param page whether each family also has a page for people, at page/ below its path
 */
@ConfigurationProperties("apikeys.management")
public record ManagementProperties(
        @DefaultValue Mount personal,
        @DefaultValue Mount workspace,
        @DefaultValue Mount tenant,
        @DefaultValue Mount admin,
        @DefaultValue List<String> allowedOrigins,
        @DefaultValue("ROLE_ADMIN") String administratorAuthority,
        @DefaultValue("false") boolean stepUp,
        @DefaultValue("false") boolean page) {
    /** Copies the list. */
    public ManagementProperties {
        allowedOrigins = List.copyOf(allowedOrigins);
    }

    /**
     * Where a family of endpoints is.
     *
     * @param path for example /me/api-keys
     */
    public record Mount(@Nullable String path) {}
}
