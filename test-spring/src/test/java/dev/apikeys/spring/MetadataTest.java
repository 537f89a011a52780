package dev.apikeys.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What IDEs know about the properties. */
class MetadataTest {
    private static Map<String, JsonNode> properties() throws IOException {
        Map<String, JsonNode> found = new TreeMap<>();
        for (URL file : Collections.list(
                MetadataTest.class.getClassLoader().getResources("META-INF/spring-configuration-metadata.json"))) {
            try (InputStream in = file.openStream()) {
                for (JsonNode property : new ObjectMapper().readTree(in).path("properties")) {
                    found.put(property.path("name").asText(), property);
                }
            }
        }
        found.keySet().removeIf(name -> !name.startsWith("apikeys."));
        return found;
    }

    @Test
    void everyProperty_isExplained_andHasAType() throws IOException {
        Map<String, JsonNode> properties = properties();

        assertThat(properties).hasSizeGreaterThan(40);
        assertThat(properties).allSatisfy((name, property) -> {
            assertThat(property.path("description").asText()).as(name).isNotBlank();
            assertThat(property.path("type").asText()).as(name).isNotBlank();
        });
    }

    @Test
    void explanations_arePlainText_andEachPathHasItsOwn() throws IOException {
        Map<String, JsonNode> properties = properties();

        assertThat(properties)
                .allSatisfy((name, property) -> assertThat(
                                property.path("description").asText())
                        .as(name)
                        .doesNotContain("{@"));
        assertThat(List.of("personal", "workspace", "tenant", "admin"))
                .extracting(family -> properties
                        .get("apikeys.management." + family + ".path")
                        .path("description")
                        .asText())
                .doesNotHaveDuplicates();
    }

    /** It would be 0, which is refused. */
    @Test
    void limitOfRequests_hasNoDefault() throws IOException {
        assertThat(properties().get("apikeys.request.rate-limit.requests").has("defaultValue"))
                .isFalse();
    }

    @Test
    void defaults_areShown() throws IOException {
        Map<String, JsonNode> properties = properties();

        assertThat(properties.get("apikeys.token-prefix").path("defaultValue").asText())
                .isEqualTo("myk");
        assertThat(properties).containsKey("apikeys.enabled");
        assertThat(properties.get("apikeys.enabled").path("defaultValue").asText())
                .isEqualTo("true");
        assertThat(properties.get("apikeys.keys.lifetime").path("defaultValue").asText())
                .isEqualTo("90d");
        assertThat(properties.get("apikeys.lease.trust").path("defaultValue").asText())
                .isEqualTo("1s");
        assertThat(properties.get("apikeys.store.schema").path("defaultValue").asText())
                .isEqualTo("create");
    }
}
