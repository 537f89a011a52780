package dev.apikeys.cli;

import dev.apikeys.ImportOptions;
import dev.apikeys.ImportReport;
import dev.apikeys.ImportedKey;
import dev.apikeys.KeyService;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Imports keys from a file. */
@Command(
        name = "import",
        description = {
            "Imports keys of another system, or of another database, from CSV or JSON Lines. Their tokens keep working.",
            "Fields: lookup, hash, salt, user, organization, workspace, name, mode, scopes, allowed-from, created-at,"
                    + " created-by, expires-at, paused-at, revoked-at, revoked, last-used-at, last-used-from. Needed are"
                    + " hash, name, mode or scopes, a user or an organization, and lookup where tokens have an id.",
            "A key that is there already is left as it is: if an import was stopped, run the same command again.",
            "Ends with 6 if lines were refused; the report names each with its reason."
        },
        footer = {
            "",
            "Examples:",
            "  api-keys-cli import tokens.csv --form sanctum --map lookup=id,hash=token,user=tokenable_id"
                    + " --set mode=write --dry-run",
            "  api-keys-cli import keys.jsonl --form exported"
        })
final class ImportCommand implements Callable<Integer> {
    private final Session session;

    @Mixin
    private final SourceOptions source = new SourceOptions();

    @Mixin
    private final FormOptions form = new FormOptions();

    @Mixin
    private final RowOptions rows = new RowOptions();

    @Option(names = "--beyond-limit", description = "Import also what an owner has beyond the allowed number of keys.")
    private boolean beyondLimit;

    @Option(names = "--dry-run", description = "Write nothing; report what would be imported.")
    private boolean dryRun;

    @Mixin
    private final MakingOptions making = new MakingOptions();

    ImportCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        rows.check();
        return report(importFile()).code();
    }

    private ImportReport importFile() {
        try (OpenDatabase database =
                        session.open(making.service(), builder -> form.apply(builder, session.surroundings()));
                ImportProgress progress = new ImportProgress(session, source.size());
                RowFile file = source.open(progress::count)) {
            ImportOptions options =
                    ImportOptions.DEFAULT.firstLine(file.firstLine()).onProgress(progress::show);
            return database.keys()
                    .transfer()
                    .importKeys(file.lines(), reader(file, database.keys()), dryRun ? options.dryRun() : options);
        }
    }

    private Function<String, ImportedKey> reader(RowFile file, KeyService keys) {
        Function<String, ImportedKey> read;
        if (form.isExported()) {
            read = line -> ImportedKey.of(ExportedLine.read(line));
        } else {
            KeyReader reader = new KeyReader(form.reader(session.surroundings()), making.actor(), keys.now());
            read = line -> reader.read(rows.row(file.read(line)));
        }
        return beyondLimit ? read.andThen(ImportedKey::beyondLimit) : read;
    }

    private Exit report(ImportReport report) {
        Output output = session.output();
        if (output.isJson()) {
            output.json(report);
        } else {
            output.list(report.firstRefused().stream()
                    .map(refused -> new Line().cell("LINE", refused.line()).cell("REFUSED BECAUSE", refused.reason())));
            long more = report.refused() - report.firstRefused().size();
            if (more > 0) {
                output.message("… and " + more + " lines more");
            }
        }
        output.message((dryRun ? "Would import " : "Imported ") + Counted.keys(report.imported()) + " of "
                + report.lines() + " lines; " + report.duplicates() + " were there already, " + report.refused()
                + " refused.");
        return report.refused() == 0 ? Exit.OK : Exit.INCOMPLETE;
    }
}
