package dev.apikeys.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes the keys that a file declares. */
@Command(
        name = "apply",
        description = {
            "Makes sure that the keys of a YAML file are there and may do what it says. It can be run any number of times:"
                    + " a key that is as declared is left alone. Keys that the file doesn't name are left alone too.",
            "A key is identified by its owner and name. It is issued into token-file if it is absent; or its id, public-id"
                    + " and hash are declared, as 'export' shows them, so that no secret is in the file. Ends with 6 if a key"
                    + " was refused.",
            "",
            "  keys:",
            "    - name: CI",
            "      organization: org_1          # or user, or both",
            "      scopes: [read:systems]       # or mode: read",
            "      expires-at: never            # or a day; 90 days without it",
            "      allowed-from: [10.0.0.0/8]",
            "      metadata: {team: payments}",
            "      token-file: /run/secrets/ci  # the token, if the key has to be issued"
        },
        footer = {
            "",
            "Examples:",
            "  api-keys-cli apply keys.yaml --dry-run",
            "  api-keys-cli apply keys.yaml --pepper 2026"
        })
final class ApplyCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "FILE", description = "The YAML file.")
    private Path file = Path.of("");

    @Option(names = "--dry-run", description = "Only say what would be done.")
    private boolean dryRun;

    @Mixin
    private final MakingOptions making = new MakingOptions();

    ApplyCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        List<DeclaredKeys.Declared> declared = DeclaredKeys.read(file).keys();
        try (OpenDatabase database = session.open(making.service())) {
            Reconciliation reconciliation = new Reconciliation(database.keys(), making.actor());
            List<Reconciliation.Step> planned = reconciliation.plan(declared);
            List<Reconciliation.Step> steps = dryRun
                    ? planned
                    : planned.stream().map(reconciliation::carryOut).toList();
            session.output().list(steps.stream().map(this::line));
            boolean whole = steps.stream().noneMatch(step -> step.action() == Reconciliation.Action.REFUSED);
            return (whole ? Exit.OK : Exit.INCOMPLETE).code();
        }
    }

    private Line line(Reconciliation.Step step) {
        Line line = new Line()
                .both("KEY", "name", step.declared().name())
                .both("OWNER", "owner", KeyLine.owner(step.declared().owner()))
                .both(dryRun ? "WOULD BE" : "WAS", "action", step.action().word())
                .field("reason", step.reason());
        return step.reason().isEmpty() ? line : line.cell("BECAUSE", step.reason());
    }
}
