package dev.apikeys.cli;

import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;

/** Puts the commands together: one class for each, and what they all share. */
final class Commands {
    private Commands() {}

    static CommandLine commandLine(Surroundings surroundings) {
        GlobalOptions options = new GlobalOptions();
        Session session = new Session(surroundings, options);
        CommandLine schema = new CommandLine(new SchemaCommand())
                .addSubcommand(new SchemaStatusCommand(session))
                .addSubcommand(new SchemaCreateCommand(session))
                .addSubcommand(new SchemaPrintCommand(session))
                .addSubcommand(new SchemaUpgradeCommand(session));
        CommandLine all = new CommandLine(new TopCommand(options))
                .addSubcommand(new IssueCommand(session))
                .addSubcommand(new ListCommand(session))
                .addSubcommand(new ShowCommand(session))
                .addSubcommand(new UpdateCommand(session))
                .addSubcommand(new RotateCommand(session))
                .addSubcommand(new PauseCommand(session))
                .addSubcommand(new ResumeCommand(session))
                .addSubcommand(new RevokeCommand(session))
                .addSubcommand(new AuditCommand(session))
                .addSubcommand(new UnusedCommand(session))
                .addSubcommand(new ExpiringCommand(session))
                .addSubcommand(new ImportCommand(session))
                .addSubcommand(new ExportCommand(session))
                .addSubcommand(new ApplyCommand(session))
                .addSubcommand(schema)
                .addSubcommand(new PeppersCommand(session))
                .addSubcommand(new PurgeCommand(session))
                .addSubcommand(new DoctorCommand(session))
                .addSubcommand(new CompletionCommand(session));
        prepare(all, surroundings);
        return all;
    }

    private static void prepare(CommandLine all, Surroundings surroundings) {
        Failures failures = new Failures(surroundings.messages());
        all.setOut(writer(surroundings.out()))
                .setErr(writer(surroundings.messages()))
                .setColorScheme(CommandLine.Help.defaultColorScheme(
                        surroundings.coloursOn(surroundings.terminal().output()) ? Ansi.ON : Ansi.OFF))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(Duration.class, Times::duration)
                .registerConverter(Instant.class, Times::instant)
                .registerConverter(UUID.class, Commands::keyId)
                .setParameterExceptionHandler(failures)
                .setExecutionExceptionHandler(failures);
        describe(all);
    }

    private static UUID keyId(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException unreadable) {
            throw new CommandLine.TypeConversionException("a key id is like 0192f0c1-7a3b-7c11-9f2e-6f1d2b3c4d5e");
        }
    }

    /** What the help of every command has. */
    private static void describe(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        spec.mixinStandardHelpOptions(true);
        spec.versionProvider(() -> new String[] {version()});
        spec.usageMessage()
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(Exit.descriptions())
                .optionListHeading("%nOptions:%n")
                .parameterListHeading("%nParameters:%n")
                .commandListHeading("%nCommands:%n")
                .sortOptions(false)
                .width(100);
        command.getSubcommands().values().forEach(Commands::describe);
    }

    private static String version() {
        String version = Commands.class.getPackage().getImplementationVersion();
        return "api-keys-cli " + (version == null ? "(not packaged)" : version);
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
    }
}
