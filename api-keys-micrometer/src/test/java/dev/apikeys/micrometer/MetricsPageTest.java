package dev.apikeys.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.InMemoryApiKeyStore;
import dev.apikeys.KeyService;
import dev.apikeys.Rejection;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page about metrics lists each meter with its tags and the values of these, and no other. */
class MetricsPageTest {
    private static final Path PAGE = Path.of("..", "docs", "operate", "metrics.md");
    /** Names, type, tags, meaning. */
    private static final Pattern ROW = Pattern.compile("\\| (`apikeys[^|]*) \\|[^|]*\\|([^|]*)\\|.*");

    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");
    /** What the page says instead of a list of them all. */
    private static final String REJECTIONS = "Rejection";

    @Test
    void page_listsEveryMeterWithItsTags_andNoOther() throws Exception {
        Map<String, Set<String>> listed = new TreeMap<>();
        for (String line : Files.readAllLines(PAGE)) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                quoted(row.group(1)).forEach(name -> listed.put(name, new TreeSet<>(quoted(row.group(2)))));
            }
        }

        assertThat(listed).isEqualTo(bound());
    }

    /** Each meter with the names and values of its tags. */
    private static Map<String, Set<String>> bound() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (KeyService keys = KeyService.builder(new InMemoryApiKeyStore()).build()) {
            new ApiKeyMeters(keys).bindTo(registry);
        }
        Map<String, Set<String>> tags = new TreeMap<>();
        for (Meter meter : registry.getMeters()) {
            Set<String> words = tags.computeIfAbsent(meter.getId().getName(), name -> new TreeSet<>());
            for (Tag tag : meter.getId().getTags()) {
                words.add(tag.getKey());
                words.add(isRejection(tag.getValue()) ? REJECTIONS : tag.getValue());
            }
        }
        return tags;
    }

    private static boolean isRejection(String value) {
        for (Rejection reason : Rejection.values()) {
            if (reason.name().toLowerCase(Locale.ROOT).equals(value)) {
                return true;
            }
        }
        return false;
    }

    private static Collection<String> quoted(String text) {
        List<String> words = new ArrayList<>();
        Matcher word = QUOTED.matcher(text);
        while (word.find()) {
            words.add(word.group(1));
        }
        return words;
    }
}
