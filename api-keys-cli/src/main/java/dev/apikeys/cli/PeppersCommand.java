package dev.apikeys.cli;

import dev.apikeys.HashCount;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Counts tokens by pepper. */
@Command(
        name = "peppers",
        description = {
            "Shows how many tokens stand under each scheme and pepper. Tokens of revoked keys don't count.",
            "A pepper that is not in the list is needed no more."
        },
        footer = {"", "Example:", "  api-keys-cli peppers"})
final class PeppersCommand implements Callable<Integer> {
    private final Session session;

    PeppersCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try (OpenDatabase database = session.open()) {
            List<HashCount> counts = database.keys().transfer().hashCounts();
            session.output()
                    .list(counts.stream()
                            .map(count -> new Line()
                                    .both("SCHEME", "scheme", count.scheme())
                                    .both("PEPPER", "pepper", count.pepperId())
                                    .both("TOKENS", "tokens", count.tokens())));
            return Exit.OK.code();
        }
    }
}
