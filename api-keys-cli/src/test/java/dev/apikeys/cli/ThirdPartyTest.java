package dev.apikeys.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The jar holds libraries of others, and has to say whose. */
class ThirdPartyTest {
    private static final Pattern DEPENDENCY = Pattern.compile(
            "<groupId>([^<]+)</groupId>\\s*<artifactId>([^<]+)</artifactId>\\s*(<scope>runtime</scope>\\s*)?<optional>true");

    private static String list() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(ThirdPartyTest.class.getResourceAsStream("/META-INF/THIRD-PARTY.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void everyLibraryOfOthers_isNamedWithItsLicence() throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));
        List<String> libraries = DEPENDENCY
                .matcher(pom)
                .results()
                .filter(found -> !found.group(1).equals("dev.apikeys"))
                .map(found -> found.group(2))
                .toList();

        assertThat(libraries).hasSizeGreaterThan(9);
        assertThat(list().split("[\\s,]+")).containsAll(libraries);
    }

    @Test
    void everyLicence_isInTheJar() throws IOException {
        List<String> named = Pattern.compile("META-INF/licenses/[^)]+")
                .matcher(list())
                .results()
                .map(found -> found.group())
                .toList();

        assertThat(named)
                .hasSize(5)
                .allSatisfy(file ->
                        assertThat(ThirdPartyTest.class.getResource("/" + file)).isNotNull());
    }
}
