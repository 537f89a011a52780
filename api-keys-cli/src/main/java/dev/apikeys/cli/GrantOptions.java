package dev.apikeys.cli;

import dev.apikeys.Grant;
import dev.apikeys.Mode;
import dev.apikeys.Scopes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a key may do. */
final class GrantOptions {
    @Option(names = "--mode", paramLabel = "MODE", description = "What the key may do: read or write.")
    @Nullable
    private Mode mode;

    @Option(
            names = "--scope",
            paramLabel = "SCOPE",
            split = ",",
            description =
                    "What the key may do, instead of a mode: verb:resource, such as read:systems. May be repeated.")
    private final List<String> scopes = new ArrayList<>();

    /**
     * The grant; empty if none is named.
     *
     * @throws CommandException when both are named
     */
    Optional<Grant> grant() {
        if (mode != null && !scopes.isEmpty()) {
            throw CommandException.usage("give either --mode or --scope");
        }
        if (mode != null) {
            return Optional.of(Grant.of(mode));
        }
        return scopes.isEmpty() ? Optional.empty() : Optional.of(Grant.of(Scopes.of(scopes.toArray(String[]::new))));
    }
}
