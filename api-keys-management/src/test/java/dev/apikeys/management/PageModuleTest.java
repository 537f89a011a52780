package dev.apikeys.management;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
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
}
