package dev.apikeys.cli;

import dev.apikeys.KeyKind;
import dev.apikeys.KeyPolicy;
import dev.apikeys.KeyService;
import dev.apikeys.KeyServiceBuilder;
import dev.apikeys.Pepper;
import dev.apikeys.TokenFormat;
import dev.apikeys.password4j.Password4jHashing;
import dev.apikeys.spi.ApiKeyStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The settings that have to be those of the services, for commands that make keys. */
final class ServiceOptions {
    @Mixin
    private final TokenOptions token = new TokenOptions();

    @Option(
            names = "--pepper",
            paramLabel = "ID[=FILE]",
            description = "Hash with this pepper, as your services do. Its value in Base64 comes from the file, or from"
                    + " the variable APIKEYS_PEPPER_<ID> in upper case. May be repeated: the first one is for new keys,"
                    + " the others are old.")
    private final List<String> peppers = new ArrayList<>();

    @Option(
            names = "--max-keys",
            paramLabel = "COUNT",
            description = "How many active keys an owner may have, if your services changed it.")
    @Nullable
    private Integer maxKeys;

    @Option(
            names = "--max-lifetime",
            paramLabel = "DURATION",
            description = "The longest lifetime of a key, if your services changed it; 365d by default.")
    @Nullable
    private Duration maxLifetime;

    KeyServiceBuilder builder(ApiKeyStore store, Surroundings surroundings) {
        KeyServiceBuilder builder = KeyService.builder(store)
                .tokenFormat(format(surroundings).build())
                .policy(policy())
                .passwordHashing(new Password4jHashing());
        for (int i = 0; i < peppers.size(); i++) {
            Pepper pepper = pepper(peppers.get(i), surroundings);
            if (i == 0) {
                builder.pepper(pepper);
            } else {
                builder.oldPepper(pepper);
            }
        }
        return builder;
    }

    /** The form of the services' own tokens. */
    TokenFormat.Builder format(Surroundings surroundings) {
        return token.format(surroundings);
    }

    /** As free as an operator, who decides what services allow people to do. */
    private KeyPolicy policy() {
        KeyPolicy policy = KeyPolicy.DEFAULT.organizationKeysMayNeverExpire().expiryMayMoveLater();
        if (maxLifetime != null) {
            Duration usual = policy.defaultLifetime();
            policy = policy.lifetime(usual.compareTo(maxLifetime) < 0 ? usual : maxLifetime, maxLifetime);
        }
        if (maxKeys != null) {
            for (KeyKind kind : KeyKind.values()) {
                policy = policy.maxActive(kind, maxKeys);
            }
        }
        return policy;
    }

    private static Pepper pepper(String option, Surroundings surroundings) {
        int split = option.indexOf('=');
        String id = split < 0 ? option : option.substring(0, split);
        String variable = SecretFile.variable("APIKEYS_PEPPER_", id);
        if (split >= 0) {
            return Pepper.ofBase64(id, SecretFile.read(Path.of(option.substring(split + 1)), "pepper " + id));
        }
        return Pepper.ofBase64(
                option,
                surroundings
                        .variable(variable)
                        .orElseThrow(() -> CommandException.usage("pepper '" + option + "' has no value: set "
                                + variable + ", or give --pepper " + option + "=FILE")));
    }
}
