package dev.apikeys.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What is done with the tables. */
@Command(
        name = "schema",
        description = "Looks after the tables. No other command makes or changes any.",
        footer = {"", "Examples:", "  api-keys-cli schema status", "  api-keys-cli schema create"})
final class SchemaCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "which one: status, create, print or upgrade?");
    }
}
