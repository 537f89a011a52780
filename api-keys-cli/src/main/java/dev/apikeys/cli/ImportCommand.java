package dev.apikeys.cli;

import dev.apikeys.ImportOptions;
import dev.apikeys.ImportReport;
import dev.apikeys.ImportedKey;
import dev.apikeys.TokenFormat;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
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
                    + " created-by, expires-at, paused-at, revoked-at, revoked, last-used-at, last-used-from, and"
                    + " metadata.NAME. Needed are hash, name, mode or scopes, a user or an organization, and lookup"
                    + " where tokens have an id.",
            "Where expires-at is empty or 'never', a key has no end. Without such a field it has the usual lifetime of"
                    + " 90 days from now.",
            "A key that is there already is left as it is: if an import was stopped, run the same command again.",
            "Ends with 6 if lines were refused; the report names each with its reason."
        },
        footer = {
            "",
            "Examples:",
            "  api-keys-cli import tokens.csv --form sanctum --set mode=write --set expires-at=never \\",
            "      --map lookup=id,hash=token,user=tokenable_id --dry-run",
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
        Refusals refusals = new Refusals();
        return report(importFile(refusals), refusals.lines()).code();
    }

    private ImportReport importFile(Refusals refusals) {
        Optional<ForeignTokens> foreign = form.tokens(session.surroundings());
        try (OpenDatabase database = session.open(
                        making.service(), builder -> foreign.ifPresent(tokens -> tokens.apply(builder, format())));
                ImportProgress progress = new ImportProgress(session, source.size());
                RowFile file = source.open(progress::count)) {
            if (foreign.isPresent()) {
                rows.check(file.columns());
            }
            Instant now = database.keys().now();
            Function<LineReader.TextLine, ImportedKey> read = foreign.map(tokens -> reader(file, tokens, now))
                    .orElse(line -> ImportedKey.of(ExportedLine.read(line.text())));
            ImportOptions options = ImportOptions.DEFAULT
                    .firstLine(file.firstLine())
                    .onProgress(progress::show)
                    .onRefused(refusals::add);
            return database.keys()
                    .transfer()
                    .importKeys(
                            file.lines(),
                            beyondLimit ? read.andThen(ImportedKey::beyondLimit) : read,
                            dryRun ? options.dryRun() : options);
        }
    }

    private TokenFormat.Builder format() {
        return making.service().format(session.surroundings());
    }

    private Function<LineReader.TextLine, ImportedKey> reader(RowFile file, ForeignTokens tokens, Instant now) {
        KeyReader reader = new KeyReader(tokens, making.actor(), now);
        return line -> reader.read(rows.row(file.read(line)));
    }

    private Exit report(ImportReport report, List<ImportReport.Refused> refused) {
        Output output = session.output();
        if (output.isJson()) {
            output.json(new Line()
                    .field("lines", report.lines())
                    .field("imported", report.imported())
                    .field("duplicates", report.duplicates())
                    .field("refused", report.refused())
                    .field("refusedLines", refused)
                    .fields());
        } else {
            output.list(refused.stream()
                    .map(line -> new Line().cell("LINE", line.line()).cell("REFUSED BECAUSE", line.reason())));
        }
        if (report.refused() > refused.size()) {
            output.message("… and " + (report.refused() - refused.size()) + " lines more");
        }
        output.message((dryRun ? "Would import " : "Imported ") + Counted.keys(report.imported()) + " of "
                + report.lines() + " lines; " + report.duplicates() + " were there already, " + report.refused()
                + " refused.");
        return report.refused() == 0 ? Exit.OK : Exit.INCOMPLETE;
    }
}
