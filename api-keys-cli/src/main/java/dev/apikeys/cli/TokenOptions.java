package dev.apikeys.cli;

import dev.apikeys.TokenFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The form of tokens; must be that of the services. */
final class TokenOptions {
    @Option(
            names = "--token-prefix",
            paramLabel = "PREFIX",
            description = "The prefix of tokens, as your services have it. Else the variable APIKEYS_TOKEN_PREFIX, else"
                    + " myk.")
    @Nullable
    private String prefix;

    @Option(
            names = "--token-environment",
            paramLabel = "WORD",
            description = "The environment of your services, such as live, if they have one. Else the variable"
                    + " APIKEYS_TOKEN_ENVIRONMENT.")
    @Nullable
    private String environment;

    @Option(names = "--token-checksum", description = "Your services want tokens with a checksum.")
    private boolean checksum;

    @Option(
            names = "--token-id-length",
            paramLabel = "DIGITS",
            description = "Digits of the public id, if your services changed it.")
    @Nullable
    private Integer idLength;

    @Option(
            names = "--token-secret-length",
            paramLabel = "DIGITS",
            description = "Digits of the secret, if your services changed it.")
    @Nullable
    private Integer secretLength;

    TokenFormat.Builder format(Surroundings surroundings) {
        TokenFormat.Builder format = TokenFormat.builder();
        Optional.ofNullable(prefix)
                .or(() -> surroundings.variable("APIKEYS_TOKEN_PREFIX"))
                .ifPresent(format::prefix);
        Optional.ofNullable(environment)
                .or(() -> surroundings.variable("APIKEYS_TOKEN_ENVIRONMENT"))
                .ifPresent(format::environment);
        if (checksum) {
            format.checksum();
        }
        Optional.ofNullable(idLength).ifPresent(format::publicIdLength);
        Optional.ofNullable(secretLength).ifPresent(format::secretLength);
        return format;
    }
}
