package dev.apikeys.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints a script that completes commands and options in a shell. */
@Command(
        name = "completion",
        description = "Prints a script for bash and zsh that completes commands and options.",
        footer = {
            "",
            "Example:",
            "  alias api-keys-cli='java -jar /opt/api-keys-cli.jar'",
            "  source <(api-keys-cli completion)"
        })
final class CompletionCommand implements Callable<Integer> {
    private final Session session;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    CompletionCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        session.output().text(AutoComplete.bash("api-keys-cli", spec.root().commandLine()));
        return Exit.OK.code();
    }
}
