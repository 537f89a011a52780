package dev.apikeys.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Java in the documentation is copied from tests that compile. Above each block a comment says from where:
 * {@code <!-- region: path/of/Test.java#name -->}; in the source, {@code // tag::name[]} and {@code // end::name[]} stand
 * round the region.
 */
class DocumentationTest {
    private static final Path ROOT = Path.of(System.getProperty("basedir", "."), "..", "..")
            .toAbsolutePath()
            .normalize();
    private static final List<String> DOCUMENTS = documents();
    private static final Pattern JAVA = Pattern.compile("(?m)^```java\\n");
    private static final Pattern REGION =
            Pattern.compile("<!-- region: ([^#]+)#([a-z-]+) -->\\n```java\\n(.*?)```\\n", Pattern.DOTALL);
    private static final Pattern COMMAND = Pattern.compile("```bash\\n(.*?)```\\n", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");
    private static final Pattern ANCHOR = Pattern.compile("\\]\\(([^)#:]*\\.md)?#([^)]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");

    /** README and the pages of the guide. */
    private static List<String> documents() {
        try (Stream<Path> pages = Files.list(ROOT.resolve("docs/guide"))) {
            return Stream.concat(
                            Stream.of("README.md"),
                            pages.map(page -> "docs/guide/" + page.getFileName())
                                    .sorted())
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @TestFactory
    Stream<DynamicTest> everyBlockOfJava_isTheRegionItNames() {
        return DOCUMENTS.stream()
                .flatMap(document -> REGION.matcher(read(document))
                        .results()
                        .map(block -> DynamicTest.dynamicTest(
                                document + ", " + block.group(2),
                                () -> assertThat(block.group(3)).isEqualTo(region(block.group(1), block.group(2))))));
    }

    @Test
    void everyBlockOfJava_namesItsRegion() {
        for (String document : DOCUMENTS) {
            assertThat(REGION.matcher(read(document)).results().count())
                    .as(document)
                    .isEqualTo(JAVA.matcher(read(document)).results().count());
        }
    }

    @Test
    void guide_hasAPageForEachQuestion_ofReadableLength() {
        List<String> pages = DOCUMENTS.subList(1, DOCUMENTS.size());

        assertThat(pages).hasSizeGreaterThanOrEqualTo(13);
        for (String page : pages) {
            String text = read(page);
            assertThat(text.lines().count()).as(page).isLessThanOrEqualTo(220);
            assertThat(read("docs/guide/README.md"))
                    .as("the index leads to " + page)
                    .contains(
                            page.equals("docs/guide/README.md")
                                    ? "# Guide"
                                    : "(" + Path.of(page).getFileName() + ")");
        }
    }

    @Test
    void readme_beginsWithTheProgrammaticQuickstartAndTheFilter() {
        assertThat(REGION.matcher(read("README.md")).results().map(block -> block.group(1) + "#" + block.group(2)))
                .containsExactly(
                        "api-keys-core/src/test/java/dev/apikeys/ReadmeTest.java#quickstart",
                        "api-keys-servlet/src/test/java/dev/apikeys/servlet/ReadmeFilterTest.java#filter");
    }

    @Test
    void readme_hasTwoCommandsThatCanBePasted() {
        List<String> commands = COMMAND.matcher(read("README.md"))
                .results()
                .map(block -> block.group(1).strip())
                .toList();

        assertThat(commands)
                .containsExactly(
                        "./mvnw -Pquickstart -DskipTests -pl docs/quickstart -am process-classes", "./mvnw verify");
        assertThat(ROOT.resolve("mvnw")).isExecutable();
        assertThat(read("docs/quickstart/pom.xml")).contains("<id>quickstart</id>");
    }

    @Test
    void links_leadToFiles() throws IOException {
        for (Path document : allPages()) {
            LINK.matcher(text(document))
                    .results()
                    .map(link -> document.resolveSibling(link.group(1)))
                    .forEach(target ->
                            assertThat(target).as("a link in " + document).exists());
        }
    }

    @Test
    void links_leadToHeadings() throws IOException {
        for (Path document : allPages()) {
            ANCHOR.matcher(text(document)).results().forEach(link -> {
                Path target = link.group(1) == null ? document : document.resolveSibling(link.group(1));
                assertThat(anchors(text(target)))
                        .as("headings of " + target + ", for a link in " + document)
                        .contains(link.group(2));
            });
        }
    }

    /** Every Markdown file of the repository. */
    private static List<Path> allPages() throws IOException {
        try (Stream<Path> found = Files.walk(ROOT.resolve("docs"));
                Stream<Path> top = Files.list(ROOT)) {
            return Stream.concat(top, found)
                    .filter(path -> path.toString().endsWith(".md"))
                    .filter(path -> !path.toString().contains("target"))
                    .filter(path -> !path.toString().contains("node_modules"))
                    .toList();
        }
    }

    /** The anchors that GitHub makes of headings: lower case, no punctuation, hyphens for blanks. */
    private static List<String> anchors(String page) {
        return HEADING.matcher(page)
                .results()
                .map(heading -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9 _-]", "")
                        .replace(' ', '-'))
                .toList();
    }

    /** The lines of a region without the blanks that all of them begin with. */
    private static String region(String source, String name) {
        List<String> lines = read(source).lines().toList();
        int start = indexOf(lines, "// tag::" + name + "[]");
        int end = indexOf(lines, "// end::" + name + "[]");
        return String.join("\n", lines.subList(start + 1, end)).stripIndent() + "\n";
    }

    private static int indexOf(List<String> lines, String marker) {
        List<Integer> found = Stream.iterate(0, i -> i < lines.size(), i -> i + 1)
                .filter(i -> lines.get(i).strip().equals(marker))
                .toList();
        assertThat(found).as(marker).hasSize(1);
        return found.get(0);
    }

    private static String read(String path) {
        return text(ROOT.resolve(path));
    }

    private static String text(Path path) {
        try {
            return Files.readString(path).replace("\r\n", "\n");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
