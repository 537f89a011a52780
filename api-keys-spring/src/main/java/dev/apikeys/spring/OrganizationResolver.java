package dev.apikeys.spring;

import java.util.Optional;
import org.springframework.security.core.Authentication;

/**
 * The application's answer to which organization a person is working in. A bean of this type gives personal keys their
 * organization, and is needed for keys of tenants: everybody whom it puts into an organization can manage that
 * organization's keys, where the application has mounted these endpoints and lets the person in.
 *
 * <p>Implementations must be thread-safe.
 */
@FunctionalInterface
public interface OrganizationResolver {
    /** The id of the organization; empty for somebody who is in none. */
    Optional<String> organizationOf(Authentication person);
}
