package dev.apikeys.cli;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What is revoked: one key, the keys of a filter, or those that an audit trail names. */
final class RevocationTarget {
    @Parameters(
            arity = "0..1",
            paramLabel = "KEY",
            description = "The key id, or the public id with or without the prefix. Never a whole token.")
    @Nullable
    String key;

    @Mixin
    final FilterOptions filter = new FilterOptions();

    @Option(
            names = "--from-audit",
            paramLabel = "FILE",
            description =
                    "Every key whose revocation this audit trail has, as 'audit --json' writes it: after a database"
                            + " lost its latest changes.")
    @Nullable
    Path trail;

    /**
     * Checks that exactly one of them is named.
     *
     * @throws CommandException unless it is so
     */
    void requireOne() {
        if (Stream.of(key != null, filter.isNarrow(), trail != null)
                        .filter(named -> named)
                        .count()
                != 1) {
            throw CommandException.usage("name one KEY, or which keys by at least one option such as --for-user,"
                    + " or an audit trail by --from-audit");
        }
    }
}
