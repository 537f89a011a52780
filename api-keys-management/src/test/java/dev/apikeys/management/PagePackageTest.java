package dev.apikeys.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.testservers.Chromium;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The types in {@code docs/examples/page} say what the element has. */
@Tag("tr-skip") // The browser has a language of its own.
class PagePackageTest {
    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    private static final Path FOLDER = Path.of("..", "docs", "examples", "page");

    /** What an application may use, by its names; private members have none. */
    private static final String MEMBERS = """
            () => {
              const element = document.querySelector('api-keys');
              const called = /Callback$|^constructor$/;
              return [...Object.keys(element), ...Object.getOwnPropertyNames(Object.getPrototypeOf(element))]
                .filter((name) => !called.test(name))
                .sort();
            }""";

    private static List<String> found(String text, String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1))
                .sorted()
                .toList();
    }

    private static String between(String text, String begin, String end) {
        int from = text.indexOf(begin);
        return text.substring(from, text.indexOf(end, from));
    }

    @Test
    void types_nameWhatTheModuleHas() throws Exception {
        String types = Files.readString(FOLDER.resolve("api-keys.d.ts"));
        try (PeopleHost host = new PeopleHost();
                PageVisit visit = PageVisit.of(
                        CHROMIUM, host.of(ManagedFamily.PERSONAL), ManagedFamily.PERSONAL, PeopleHost.MIA)) {
            visit.open();

            assertThat(found(between(types, "class ApiKeysElement", "\n}"), "(?m)^  (\\w+)[(:]"))
                    .isEqualTo(visit.page.evaluate(MEMBERS));
            assertThat(found(types, "(?m)^export (?:class|function) (\\w+)"))
                    .isEqualTo(visit.page.evaluate(
                            "async (module) => Object.keys(await import(module)).sort()", visit.module()));
            assertThat(found(between(types, "interface ApiKeysEventMap", "\n}"), "(?m)^  (\\w+):"))
                    .isEqualTo(PageVisit.EVENTS.stream().sorted().toList());
        }
    }
}
