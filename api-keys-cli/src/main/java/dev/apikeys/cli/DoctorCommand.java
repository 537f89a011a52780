package dev.apikeys.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.apikeys.jdbi.DatabaseDiagnosis;
import dev.apikeys.jdbi.Finding;
import dev.apikeys.jdbi.HistoryPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Examines the database. */
@Command(
        name = "doctor",
        description = {
            "Examines the database: version and settings, durability, clock, connections, tables, rights, indexes, epoch"
                    + " and the time of a poll. Says what to do about each finding. Changes nothing.",
            "Ends with 7 if there is a problem, and with 0 otherwise, also with warnings."
        },
        footer = {
            "",
            "Examples:",
            "  api-keys-cli doctor",
            "  api-keys-cli doctor --nodes 4 --pool-size 10 --remember /var/lib/api-keys/history.json --json"
        })
final class DoctorCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Session session;

    @Option(names = "--nodes", paramLabel = "COUNT", description = "How many services share the database.")
    @Nullable
    private Integer nodes;

    @Option(
            names = "--pool-size",
            paramLabel = "COUNT",
            description = "How many connections the pool of each service may have; 10 by default.")
    @Nullable
    private Integer poolSize;

    @Option(
            names = "--remember",
            paramLabel = "FILE",
            description =
                    "Compare with what this file remembers of the last run, and remember this one: finds a database"
                            + " that was restored from a backup.")
    @Nullable
    private Path memory;

    DoctorCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        DatabaseDiagnosis diagnosis = DatabaseDiagnosis.of(session.plain())
                .clock(session.surroundings().clock());
        if (nodes != null || poolSize != null) {
            diagnosis = diagnosis.connections(nodes == null ? 1 : nodes, poolSize == null ? 10 : poolSize);
        }
        Path file = memory;
        if (file != null && Files.exists(file)) {
            diagnosis = diagnosis.since(recall(file));
        }
        DatabaseDiagnosis.Report report = diagnosis.run();
        session.output().list(report.findings().stream().flatMap(this::lines));
        boolean problem = report.worst() == Finding.Level.PROBLEM;
        if (file != null && !problem) {
            report.history().ifPresent(history -> remember(file, history));
        }
        session.output()
                .message(
                        switch (report.worst()) {
                            case OK -> "All is well.";
                            case WARNING -> "There are warnings.";
                            case PROBLEM -> "There are problems.";
                        });
        return (problem ? Exit.UNFIT : Exit.OK).code();
    }

    /** For people the advice stands in a line of its own, because it may be long. */
    private Stream<Line> lines(Finding finding) {
        Line line = new Line()
                .both("CHECK", "check", finding.check())
                .both("LEVEL", "level", finding.level())
                .both("FOUND", "found", finding.found())
                .field("advice", finding.advice());
        return finding.advice().isEmpty() || session.output().isJson()
                ? Stream.of(line)
                : Stream.of(
                        line, new Line().cell("CHECK", "").cell("LEVEL", "").cell("FOUND", "-> " + finding.advice()));
    }

    private static HistoryPoint recall(Path file) {
        try {
            JsonNode noted = JSON.readTree(file.toFile());
            if (noted.path("incarnation").isTextual() && noted.path("epoch").isIntegralNumber()) {
                return new HistoryPoint(
                        noted.get("incarnation").asText(), noted.get("epoch").asLong());
            }
        } catch (IOException unreadable) {
            throw notOurs(file);
        }
        throw notOurs(file);
    }

    private static CommandException notOurs(Path file) {
        return CommandException.usage("the file " + file + " is not one that doctor wrote; remove it");
    }

    private static void remember(Path file, HistoryPoint history) {
        try {
            JSON.writeValue(file.toFile(), Map.of("incarnation", history.incarnation(), "epoch", history.epoch()));
        } catch (IOException unwritable) {
            throw CommandException.usage("the file " + file + " can't be written");
        }
    }
}
