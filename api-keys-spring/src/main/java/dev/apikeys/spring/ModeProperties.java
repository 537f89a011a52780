package dev.apikeys.spring;

import dev.apikeys.Scope;
import dev.apikeys.ScopePolicy;
import dev.apikeys.Scopes;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the modes of keys mean in scopes.
 *
 * <p>Immutable and thread-safe.
 *
 * @param read the scopes of mode READ
 * @param write the scopes of mode WRITE
 * @param never the scopes that no key ever has, whatever it was granted
 */
@ConfigurationProperties("apikeys.modes")
public record ModeProperties(
        @DefaultValue("read:*") List<String> read,
        @DefaultValue({"read:*", "manage:*"}) List<String> write,

        @DefaultValue({"destroy:*", "impersonate:*", "config:alerts"})
        List<String> never) {
    /** Copies the lists. */
    public ModeProperties {
        read = List.copyOf(read);
        write = List.copyOf(write);
        never = List.copyOf(never);
    }

    ScopePolicy toPolicy() {
        return new ScopePolicy(
                scopes("apikeys.modes.read", read),
                scopes("apikeys.modes.write", write),
                scopes("apikeys.modes.never", never));
    }

    static Scopes scopes(String property, List<String> names) {
        return Scopes.of(names.stream().map(name -> scope(property, name)).toList());
    }

    /** Of many scopes in a list, the message shows which one is wrong. */
    private static Scope scope(String property, String name) {
        try {
            return Scope.parse(name);
        } catch (IllegalArgumentException refused) {
            throw new InvalidSettingException(property, refused.getMessage() + ": " + name);
        }
    }
}
