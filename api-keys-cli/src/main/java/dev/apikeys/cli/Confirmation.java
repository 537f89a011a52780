package dev.apikeys.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import picocli.CommandLine.Option;

/** Asks before something that can't be undone. */
final class Confirmation {
    @Option(names = "--yes", description = "Don't ask.")
    private boolean yes;

    /**
     * Asks, unless {@code --yes} was given.
     *
     * @param question says what will be done, and to how many
     * @throws CommandException when the answer is no, or nobody can be asked
     */
    void require(Surroundings surroundings, String question) {
        if (yes) {
            return;
        }
        if (!surroundings.terminal().input()) {
            throw new CommandException(
                    Exit.NOT_CONFIRMED, question + " Nobody can be asked here: add --yes, or --dry-run to only look");
        }
        surroundings.messages().print(TextTable.harmless(question) + " Continue? [y/N] ");
        surroundings.messages().flush();
        try {
            String answer = surroundings.in().readLine();
            if (answer == null || !answer.strip().toLowerCase(Locale.ROOT).matches("y|yes")) {
                throw new CommandException(Exit.NOT_CONFIRMED, "nothing was done");
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
