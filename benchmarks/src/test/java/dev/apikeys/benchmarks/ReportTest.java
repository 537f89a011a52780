package dev.apikeys.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;

class ReportTest {
    /** A JDK that silently runs no annotation processor would leave the list empty. */
    @Test
    void jar_listsEveryBenchmark() {
        var found = BenchmarkList.defaultList()
                .find(
                        OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT),
                        List.of(".*"),
                        List.of());

        Set<String> classes = new TreeSet<>();
        found.forEach(benchmark -> classes.add(benchmark.getUsername().replaceAll(".*\\.(\\w+)\\.\\w+$", "$1")));
        assertThat(classes)
                .containsExactly(
                        "AcceptedCount",
                        "CacheMemory",
                        "FilterAlone",
                        "FilterOverHttp",
                        "GuardOverHttp",
                        "Hashing",
                        "Issue",
                        "McpDecide",
                        "Peers",
                        "ScopeMatch",
                        "TokenParse",
                        "UsageRecording",
                        "VerifyCached",
                        "VerifyCold",
                        "VerifyImported",
                        "VerifyRejected");
    }

    @Test
    void report_withoutResults_hasALineForEveryGoal_andClaimsNothing() {
        List<Line> lines = new Goals(new Results(List.of())).lines();

        for (int goal = 1; goal <= 12; goal++) {
            String number = Integer.toString(goal);
            assertThat(lines).as("goal %d", goal).anyMatch(line -> line.goal().equals(number));
        }
        assertThat(lines)
                .noneMatch(line ->
                        line.verdict().equals("reached") || line.verdict().equals("missed"));
    }

    @Test
    void report_isPutBetweenItsComments_andNothingElseChanges() {
        String document = "before\n<!-- report: begin -->\nold\n<!-- report: end -->\nafter\n";

        assertThat(Report.inserted(document, "new\n"))
                .isEqualTo("before\n<!-- report: begin -->\nnew\n<!-- report: end -->\nafter\n");
    }

    @Test
    void documentWithoutAPlaceForTheReport_isRefused() {
        assertThatThrownBy(() -> Report.inserted("text", "new")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void number_hasThreeDigitsThatMatter() {
        assertThat(Line.number(0.001)).isEqualTo("0");
        assertThat(Line.number(1.234)).isEqualTo("1.23");
        assertThat(Line.number(56.78)).isEqualTo("56.8");
        assertThat(Line.number(65_432.1)).isEqualTo("65,432");
    }
}
