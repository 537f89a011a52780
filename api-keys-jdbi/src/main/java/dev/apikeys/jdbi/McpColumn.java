package dev.apikeys.jdbi;

import dev.apikeys.mcp.IdAllowlist;
import dev.apikeys.mcp.McpPermission;
import dev.apikeys.mcp.McpPolicy;
import dev.apikeys.mcp.McpPreset;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A policy for agents as text. It has one line each for activity and preset, projects, and instances; a custom policy
 * also has lines for access and allowlist mode, tools, and permissions. Words are separated by single spaces, and no
 * word contains one. The content of a preset isn't stored, so that it can be corrected in one place.
 */
final class McpColumn {
    private static final String ACTIVE = "active";
    private static final String PAUSED = "paused";
    private static final String READING = "reading";
    private static final String WRITING = "writing";

    private static final String USUAL = write(McpPolicy.DEFAULT);

    private McpColumn() {}

    static String write(McpPolicy policy) {
        String common = line(List.of(policy.isActive() ? ACTIVE : PAUSED, word(policy.getPreset()))) + "\n"
                + line(policy.getProjects().getIds()) + "\n"
                + line(policy.getInstances().getIds());
        return policy.getPreset() != McpPreset.CUSTOM
                ? common
                : common + "\n"
                        + line(List.of(policy.isReadOnly() ? READING : WRITING, word(policy.getAllowlistMode()))) + "\n"
                        + line(policy.getTools()) + "\n"
                        + line(policy.getPermissions());
    }

    /**
     * Parses the text of {@link #write}.
     *
     * @throws IllegalArgumentException if it is anything else
     */
    static McpPolicy read(String text) {
        if (text.equals(USUAL)) {
            return McpPolicy.DEFAULT;
        }
        String[] lines = text.split("\n", -1);
        List<String> state = words(lines[0]);
        if (lines.length < 3 || state.size() != 2) {
            throw new IllegalArgumentException("not a policy for agents");
        }
        McpPreset preset = named(McpPreset.values(), state.get(1));
        McpPolicy policy = McpPolicy.of(preset)
                .projects(IdAllowlist.of(words(lines[1])))
                .instances(IdAllowlist.of(words(lines[2])));
        if (preset == McpPreset.CUSTOM) {
            policy = custom(policy, lines);
        }
        return state.get(0).equals(ACTIVE) ? policy : policy.pause();
    }

    private static McpPolicy custom(McpPolicy policy, String[] lines) {
        if (lines.length < 6 || words(lines[3]).size() != 2) {
            throw new IllegalArgumentException("not a custom policy for agents");
        }
        List<String> access = words(lines[3]);
        McpPolicy complete = policy.allowlistMode(named(McpPolicy.AllowlistMode.values(), access.get(1)))
                .tools(words(lines[4]))
                .permissions(words(lines[5]).stream().map(McpPermission::parse).toList());
        return access.get(0).equals(WRITING) ? complete.alsoWriting() : complete.onlyReading();
    }

    private static <E extends Enum<E>> E named(E[] all, String word) {
        return Arrays.stream(all)
                .filter(one -> word(one).equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("not a word of a policy for agents"));
    }

    private static String word(Enum<?> one) {
        return one.name().toLowerCase(Locale.ROOT);
    }

    private static String line(Collection<?> words) {
        return words.stream().map(Object::toString).collect(Collectors.joining(" "));
    }

    private static List<String> words(String line) {
        return line.isEmpty() ? List.of() : Arrays.asList(line.split(" "));
    }
}
