package dev.apikeys.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** The one module that a host serves. */
class PageModuleTest {
    private static byte[] module() throws IOException {
        try (InputStream file = ManagementServlet.class.getResourceAsStream("page/api-keys.js")) {
            return file.readAllBytes();
        }
    }

    @Test
    void module_hasAtMost40KibibytesGzipped() throws IOException {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(zipped)) {
            zip.write(module());
        }

        System.out.println("the page's module, gzipped: " + zipped.size() + " bytes");
        assertThat(zipped.size()).isLessThanOrEqualTo(40 * 1024);
    }

    @Test
    void module_needsNothingElse_andPutsNoMarkupTogether() throws IOException {
        String module = new String(module(), StandardCharsets.UTF_8);

        assertThat(module)
                .doesNotContainPattern("(?m)^import ")
                .doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "eval(", "localStorage", "console.");
    }

    @Test
    void package_holdsTheModuleAndItsTypes() throws IOException {
        JsonNode description = JsonMapper.builder()
                .build()
                .readTree(Path.of("..", "docs", "examples", "page", "package.json")
                        .toFile());
        JsonNode entry = description.get("exports").get(".");
        assertThat(entry.get("types").asText()).isEqualTo("./api-keys.d.ts");
        assertThat(entry.get("default").asText()).isEqualTo("./api-keys.js");
        assertThat(description.get("type").asText()).isEqualTo("module");
        assertThat(description.get("scripts").get("prepack").asText())
                .contains("api-keys-management/target/classes/dev/apikeys/management/page/api-keys.js");
        assertThat(Path.of("target/classes/dev/apikeys/management/page/api-keys.js"))
                .exists();
    }
}
