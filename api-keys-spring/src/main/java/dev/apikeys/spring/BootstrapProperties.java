package dev.apikeys.spring;

import dev.apikeys.Mode;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The first key, for a deployment in which nobody can log in yet. It is issued once: not where the file is there, nor where
 * its owner has a key of this name.
 *
 * <p>Immutable and thread-safe.
 *
 * @param file where the token is written, readable by the application's user only
 * @param user the user that the key is for
 * @param organization the organization of the user, or that the key is for where there is no user
 * @param name the name of the key
 * @param mode what the key may do
 */
@ConfigurationProperties("apikeys.bootstrap")
public record BootstrapProperties(
        @Nullable Path file,
        @Nullable String user,
        @Nullable String organization,
        @DefaultValue("bootstrap") String name,
        @DefaultValue("write") Mode mode) {}
