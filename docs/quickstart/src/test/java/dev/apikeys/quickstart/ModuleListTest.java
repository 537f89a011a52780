package dev.apikeys.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the POMs say of the modules. */
class ModuleListTest {
    private static final Pattern OWN =
            Pattern.compile("<groupId>dev\\.apikeys</groupId>\\s*<artifactId>([^<]+)</artifactId>");

    @Test
    void bom_listsEveryPublishedModule_andNoOther() {
        List<String> published = Repository.publishedModules().stream()
                .map(Repository::artifactId)
                .toList();
        assertThat(published).hasSizeGreaterThanOrEqualTo(7).contains("api-keys-core");
        String managed = Repository.pom(Repository.ROOT.resolve("api-keys-bom"))
                .replaceFirst("(?s).*<dependencyManagement>", "");

        assertThat(OWN.matcher(managed).results().map(found -> found.group(1)))
                .containsExactlyInAnyOrderElementsOf(published);
    }

    @Test
    void publishedModule_isAnExplicitModule_orNamesItself() {
        assertThat(Repository.publishedModules())
                .allSatisfy(module -> assertThat(module.resolve("src/main/java/module-info.java")
                                        .toFile()
                                        .exists()
                                || module.resolve("src/module/java/module-info.java")
                                        .toFile()
                                        .exists()
                                || Repository.pom(module).contains("<Automatic-Module-Name>"))
                        .isTrue());
    }
}
