package dev.apikeys.mcp.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.mcp.servlet.CallClassifier.AgentCall;
import dev.apikeys.mcp.servlet.CallClassifier.AgentCall.Subject;
import dev.apikeys.testservers.WorstJson;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Names that strangers choose, each once in its object. */
class SaltedNamesTest {
    @Test
    void names_addedInAnyOrder_areFoundInTheirObjectAlone() {
        SaltedNames names = new SaltedNames();
        List<Map<String, Integer>> objects = List.of(new HashMap<>(), new HashMap<>(), new HashMap<>());
        Random random = new Random(7);
        int size = 0;
        for (int i = 0; i < 20_000; i++) {
            int object = random.nextInt(objects.size());
            String name = random.nextBoolean()
                    ? WorstJson.collidingName(random.nextInt(1 << 10))
                    : "n" + random.nextInt(2_000);

            boolean isNew = names.add(object, name);

            assertThat(isNew).isEqualTo(objects.get(object).putIfAbsent(name, size) == null);
            size += isNew ? 1 : 0;
        }
        for (int object = 0; object < objects.size(); object++) {
            for (Map.Entry<String, Integer> name : objects.get(object).entrySet()) {
                assertThat(names.indexOf(object, name.getKey())).isEqualTo(name.getValue());
                assertThat(names.get(name.getValue())).isEqualTo(name.getKey());
            }
            assertThat(names.indexOf(object, "another")).isEqualTo(-1);
        }
    }

    @Test
    void arguments_areAMapInOrder_thatCantBeChanged() {
        SaltedNames names = new SaltedNames();
        names.add(1, "before");
        Arguments arguments = new Arguments(names, 2);
        List<String> order = new ArrayList<>();
        Map<String, String> expected = new HashMap<>();
        for (int i = 0; i < 100; i++) {
            String name = WorstJson.collidingName(i);
            names.add(2, name);
            arguments.add("value " + i);
            names.add(2, "of no value " + i);
            names.add(3, "inside " + i);
            order.add(name);
            expected.put(name, "value " + i);
        }

        Map<String, String> seen = new AgentCall("tools/call", Subject.TOOL, "look", arguments).arguments();

        assertThat(seen).isEqualTo(expected).hasSameHashCodeAs(expected).isUnmodifiable();
        assertThat(seen.keySet()).containsExactlyElementsOf(order);
        for (String absent : List.of("another", "before", "of no value 1", "inside 1")) {
            assertThat(seen.get(absent)).isNull();
            assertThat(seen.containsKey(absent)).isFalse();
        }
        assertThat(seen.containsKey(WorstJson.collidingName(99))).isTrue();
    }
}
