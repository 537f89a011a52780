package dev.apikeys.spring;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How tokens look, how they are hashed, and what is known of their owners.
 *
 * <p>Immutable and thread-safe.
 *
 * @param tokenPrefix what new tokens begin with, in front of an underscore
 * @param environment the environment of the application, such as live or test, which stands behind the prefix of new
 *     tokens; tokens of other environments are refused. None by default
 * @param acceptedPrefixes prefixes that earlier tokens have and that are accepted as well
 * @param tokenChecksum whether new tokens end in a checksum, so that mistyped ones are refused before any look-up
 * @param scopes the scopes that the application asks for, such as read:systems; each one that a key may use becomes an
 *     authority SCOPE_read:systems, also where the key holds it by a wildcard
 * @param pepper the secret that goes into every hash; without one, hashes are plain SHA-256
 * @param oldPeppers peppers that some stored hashes still need
 * @param ownerMaxAge how long an answer of the OwnerDirectory is good, at least 100 milliseconds; zero asks it at every
 *     request
 * @param usageInterval how often the latest use of keys is written, at most once per key
 */
@ConfigurationProperties("apikeys")
public record ApiKeysProperties(
        @DefaultValue("myk") String tokenPrefix,
        @Nullable String environment,
        @DefaultValue List<String> acceptedPrefixes,
        @DefaultValue("false") boolean tokenChecksum,
        @DefaultValue List<String> scopes,
        @Nullable PepperProperties pepper,
        @DefaultValue List<PepperProperties> oldPeppers,
        @DefaultValue("10s") Duration ownerMaxAge,
        @DefaultValue("10s") Duration usageInterval) {
    /** Copies the lists. */
    public ApiKeysProperties {
        acceptedPrefixes = List.copyOf(acceptedPrefixes);
        scopes = List.copyOf(scopes);
        oldPeppers = List.copyOf(oldPeppers);
    }

    /**
     * A secret of the deployment. Keep it out of files that are under version control.
     *
     * @param id names the pepper in stored hashes; never reuse one
     * @param value at least 32 random bytes in Base64
     */
    public record PepperProperties(
            @Nullable String id, @Nullable String value) {
        /** Shows the id only. */
        @Override
        public String toString() {
            return "PepperProperties[" + id + "]";
        }
    }
}
