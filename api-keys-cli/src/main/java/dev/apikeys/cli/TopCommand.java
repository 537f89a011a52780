package dev.apikeys.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The program without a command. */
@Command(
        name = "api-keys-cli",
        description = {
            "Issues, finds, changes, moves and revokes API keys in the database of your services.",
            "",
            "The password of the database comes from the variable APIKEYS_DB_PASSWORD, from --password-file, or from a"
                    + " prompt on a terminal. There is no option for it: command lines can be read by others."
        },
        footer = {
            "",
            "Examples:",
            "  api-keys-cli --url jdbc:postgresql://db/app --user keys schema create",
            "  api-keys-cli issue --for-user alice --name CRM --mode read --out crm.key",
            "  api-keys-cli COMMAND --help"
        })
final class TopCommand implements Runnable {
    @Mixin
    @SuppressWarnings("UnusedVariable") // picocli reads it.
    private final GlobalOptions options;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    TopCommand(GlobalOptions options) {
        this.options = options;
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing");
    }
}
