package dev.apikeys.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.apikeys.InMemoryApiKeyStore;
import dev.apikeys.KeyService;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The dashboard asks for what there is, and shows all of it. */
class DashboardTest {
    private static final Path DASHBOARD = Path.of("..", "docs", "operate", "grafana-dashboard.json");
    private static final Pattern METRIC = Pattern.compile("\\bapikeys_[a-z_]+");

    @Test
    void everyQuery_namesAMetricThatExists_andEveryMetricIsShown() throws Exception {
        JsonNode dashboard = new JsonMapper().readTree(DASHBOARD.toFile());
        Set<String> asked = new TreeSet<>();
        for (JsonNode query : dashboard.findValues("expr")) {
            Set<String> named = metrics(query.asText());
            assertThat(named).as("metrics of %s", query).isNotEmpty();
            asked.addAll(named);
        }
        for (JsonNode query : dashboard.findValues("query")) {
            asked.addAll(metrics(query.asText()));
        }

        Set<String> exposed = exposed();
        assertThat(exposed).containsAll(asked);
        assertThat(asked).containsAll(exposed);
    }

    private static Set<String> exposed() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (KeyService keys = KeyService.builder(new InMemoryApiKeyStore()).build()) {
            new ApiKeyMeters(keys).bindTo(registry);
            return registry.scrape()
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .flatMap(line -> metrics(line).stream())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static Set<String> metrics(String text) {
        Set<String> names = new TreeSet<>();
        Matcher metric = METRIC.matcher(text);
        while (metric.find()) {
            names.add(metric.group());
        }
        return names;
    }
}
