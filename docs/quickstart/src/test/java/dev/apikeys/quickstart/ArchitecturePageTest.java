package dev.apikeys.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The picture and the table in {@code docs/architecture.md} show the modules that the poms have. */
class ArchitecturePageTest {
    private static final Path ROOT = Path.of(System.getProperty("basedir", "."), "..", "..")
            .toAbsolutePath()
            .normalize();
    private static final Pattern MODULE = Pattern.compile("<module>(api-keys-[a-z0-9-]+)</module>");
    private static final Pattern DEPENDENCY = Pattern.compile(
            "<dependency>\\s*<groupId>dev\\.apikeys</groupId>\\s*<artifactId>(api-keys-[a-z0-9-]+)</artifactId>"
                    + "(?<rest>.*?)</dependency>",
            Pattern.DOTALL);
    private static final Pattern ARROW = Pattern.compile("(api-keys-[a-z0-9-]+) --> (api-keys-[a-z0-9-]+)");
    private static final Pattern CLASS = Pattern.compile("`([A-Z][A-Za-z0-9]+)(\\.[a-z]\\w*)?`");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(api-keys-[a-z0-9-]+)` \\|");

    @Test
    void picture_showsTheDependenciesOfTheModules() throws IOException {
        Set<String> wanted = new TreeSet<>();
        for (String module : modules()) {
            Matcher dependency = DEPENDENCY.matcher(read(module + "/pom.xml"));
            while (dependency.find()) {
                if (!dependency.group("rest").contains("<scope>test</scope>")) {
                    wanted.add(module + " --> " + dependency.group(1));
                }
            }
        }

        assertThat(ARROW.matcher(read("docs/architecture.md")).results().map(arrow -> arrow.group()))
                .containsExactlyInAnyOrderElementsOf(wanted);
    }

    @Test
    void tables_haveARowForEachModule() throws IOException {
        assertThat(rows("docs/architecture.md")).isEqualTo(modules());
        assertThat(rows("README.md")).containsAll(modules()).contains("api-keys-bom");
    }

    @Test
    void classes_thatThePageNames_exist() throws IOException {
        Set<String> classes = new TreeSet<>();
        for (String module : modules()) {
            Repository.sources(ROOT.resolve(module))
                    .forEach(source ->
                            classes.add(source.getFileName().toString().replace(".java", "")));
        }

        assertThat(CLASS.matcher(read("docs/architecture.md")).results().map(name -> name.group(1)))
                .hasSizeGreaterThan(40)
                .allSatisfy(name -> assertThat(classes).contains(name));
    }

    private static Set<String> rows(String document) throws IOException {
        return ROW.matcher(read(document))
                .results()
                .map(row -> row.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The published modules with code. */
    private static Set<String> modules() throws IOException {
        return MODULE.matcher(read("pom.xml"))
                .results()
                .map(module -> module.group(1))
                .filter(module -> !module.equals("api-keys-bom"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String read(String path) throws IOException {
        return Files.readString(ROOT.resolve(path));
    }
}
