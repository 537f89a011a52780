package dev.apikeys.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.RunnerException;

/**
 * Runs everything and prints one table: each goal with its figure, and with its ratio to a figure of the same run.
 *
 * <p>{@code java -cp benchmarks/target/benchmarks.jar dev.apikeys.benchmarks.Report} takes under ten minutes. With
 * {@code --long} it takes longer and writes {@code benchmarks.json} too; with {@code --write docs} it puts table and
 * picture into {@code docs/performance.md} and {@code docs/performance.svg}; {@code --smoke} only shows that all of it
 * runs.
 */
public final class Report {
    private static final String BEGIN = "<!-- report: begin -->";
    private static final String END = "<!-- report: end -->";
    private static final String COMMAND = "java -cp benchmarks/target/benchmarks.jar dev.apikeys.benchmarks.Report";

    private Report() {}

    /**
     * Measures and reports.
     *
     * @param arguments {@code --long} or {@code --smoke}; {@code --write} and a directory
     */
    public static void main(String[] arguments) throws RunnerException, IOException {
        List<String> wanted = List.of(arguments);
        boolean thorough = wanted.contains("--long");
        Plan.Length length = thorough ? Plan.Length.LONG : Plan.Length.SHORT;
        if (wanted.contains("--smoke")) {
            length = Plan.Length.SMOKE;
        }
        int write = wanted.indexOf("--write");
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        long start = System.nanoTime();
        Collection<RunResult> measured = new Plan(length)
                .run(step -> out.printf(Locale.ROOT, "%4d s: %s%n", (System.nanoTime() - start) / 1_000_000_000, step));
        if (thorough) {
            try (PrintStream json = new PrintStream("benchmarks.json", StandardCharsets.UTF_8)) {
                ResultFormatFactory.getInstance(ResultFormatType.JSON, json).writeOut(measured);
            }
        }
        Results results = new Results(measured);
        String report = text(results, thorough ? COMMAND + " --long" : COMMAND);
        out.println();
        out.println(report);
        if (write >= 0) {
            Path docs = Path.of(wanted.get(write + 1));
            Files.writeString(docs.resolve("performance.svg"), Picture.of(results));
            Path document = docs.resolve("performance.md");
            Files.writeString(document, inserted(Files.readString(document), report));
        }
    }

    /** The document with the report in its place. */
    static String inserted(String document, String report) {
        int begin = document.indexOf(BEGIN);
        int end = document.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IllegalArgumentException("the document has no place for the report: " + BEGIN + " … " + END);
        }
        return document.substring(0, begin + BEGIN.length()) + "\n" + report + document.substring(end);
    }

    private static String text(Results results, String command) throws IOException {
        String head = "| goal | what | figure | ratio | bound | |\n|--:|---|--:|--:|---|---|\n";
        String table =
                new Goals(results).lines().stream().map(Line::markdown).collect(Collectors.joining("\n", head, "\n"));
        return machine() + "; `" + command + "`. Medians.\n\n![What one check costs](performance.svg)\n\n" + table
                + "\n" + Growth.keys(results) + "\n" + Growth.threads(results);
    }

    private static String machine() throws IOException {
        List<String> parts = new ArrayList<>();
        parts.add(LocalDate.now(ZoneOffset.UTC).toString());
        parts.add(Runtime.getRuntime().availableProcessors() + " processors" + model());
        parts.add(System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        parts.add("JDK " + Runtime.version() + " (" + System.getProperty("java.vm.vendor") + ")");
        return String.join("; ", parts);
    }

    private static String model() throws IOException {
        Path cpus = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(cpus)) {
            return "";
        }
        return Files.readAllLines(cpus).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> " (" + line.substring(line.indexOf(':') + 1).strip() + ")")
                .findFirst()
                .orElse("");
    }
}
