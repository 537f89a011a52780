package dev.apikeys.mcp;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;

/** Policies and calls out of a seed, from so few words that they meet often. */
final class RandomMcp {
    static final List<String> PLACES = List.of("p1", "p2", "P1", "p", "p11");

    private static final List<String> METHODS = List.copyOf(McpOracle.METHODS.keySet());
    private static final List<String> STRANGE_METHODS = List.of(
            "", "tools", "TOOLS/CALL", "tools/call ", "notifications/", "sampling/createMessage", "tools/delete");
    private static final List<String> PERMISSIONS = McpOracle.METHODS.values().stream()
            .filter(permission -> !permission.isEmpty())
            .distinct()
            .sorted()
            .toList();
    private static final Set<String> READING = Set.of(
            "mcp:tools:call",
            "mcp:resources:read",
            "mcp:prompts:get",
            "mcp:completion:complete",
            "mcp:subscriptions:listen",
            "mcp:tasks:get");

    private final Random random;

    RandomMcp(long seed) {
        random = new Random(seed);
    }

    McpOracle.Fields fields() {
        boolean active = random.nextInt(10) > 0;
        List<String> projects = places();
        List<String> instances = places();
        return switch (random.nextInt(10)) {
            case 0 -> fixed(active, "none", true, Set.of(), projects, instances);
            case 1 -> fixed(active, "read_only", true, READING, projects, instances);
            case 2 -> {
                Set<String> working = new HashSet<>(READING);
                working.add("mcp:tasks:update");
                yield fixed(active, "standard", false, working, projects, instances);
            }
            case 3 -> fixed(active, "full", false, new HashSet<>(PERMISSIONS), projects, instances);
            default ->
                new McpOracle.Fields(
                        active,
                        "custom",
                        random.nextBoolean(),
                        random.nextInt(4) == 0 ? "all" : "listed",
                        some(6, this::entry),
                        permissions(),
                        projects,
                        instances);
        };
    }

    /** The same policy, made as a host would. */
    static McpPolicy policy(McpOracle.Fields fields) {
        McpPolicy policy = McpPolicy.of(McpPreset.valueOf(fields.preset().toUpperCase(Locale.ROOT)));
        if (policy.getPreset() == McpPreset.CUSTOM) {
            policy = fields.readOnly() ? policy.onlyReading() : policy.alsoWriting();
            policy = policy.allowlistMode(
                            McpPolicy.AllowlistMode.valueOf(fields.mode().toUpperCase(Locale.ROOT)))
                    .tools(fields.tools())
                    .permissions(fields.permissions().stream()
                            .map(McpPermission::parse)
                            .toList());
        }
        policy = policy.projects(IdAllowlist.of(fields.projects())).instances(IdAllowlist.of(fields.instances()));
        return fields.active() ? policy : policy.pause();
    }

    McpCall call() {
        McpCall call = switch (random.nextInt(8)) {
            case 0 -> McpCall.of(STRANGE_METHODS.get(random.nextInt(STRANGE_METHODS.size())));
            case 1 -> McpCall.of("notifications/" + name());
            case 2, 3, 4 -> McpCall.tool(random.nextInt(20) == 0 ? null : name());
            default -> McpCall.of(METHODS.get(random.nextInt(METHODS.size())));
        };
        call = call.inProject(place()).onInstance(place());
        return random.nextBoolean() ? call.knownReadOnly() : call;
    }

    /** A tool's call somewhere, or nowhere in particular. */
    McpCall toolCall() {
        McpCall call = McpCall.tool(name()).inProject(place()).onInstance(place());
        return random.nextBoolean() ? call.knownReadOnly() : call;
    }

    private McpOracle.Fields fixed(
            boolean active,
            String preset,
            boolean readOnly,
            Set<String> permissions,
            List<String> projects,
            List<String> instances) {
        String mode = preset.equals("none") ? "listed" : "all";
        return new McpOracle.Fields(active, preset, readOnly, mode, List.of(), permissions, projects, instances);
    }

    private List<String> places() {
        return random.nextInt(3) > 0 ? List.of() : some(3, () -> PLACES.get(random.nextInt(PLACES.size())));
    }

    private String place() {
        return random.nextInt(3) == 0 ? null : PLACES.get(random.nextInt(PLACES.size()));
    }

    private Set<String> permissions() {
        Set<String> given = new HashSet<>(PERMISSIONS);
        given.removeIf(permission -> random.nextInt(4) == 0);
        return given;
    }

    private String entry() {
        String name = letters("ab_", random.nextInt(4));
        return name.isEmpty() || random.nextInt(3) == 0 ? name + "*" : name;
    }

    private String name() {
        return letters(random.nextInt(5) == 0 ? "ab_A\u0430\u200b *" : "ab_", random.nextInt(5));
    }

    private String letters(String alphabet, int length) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < length; i++) {
            out.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return out.toString();
    }

    private List<String> some(int atMost, Supplier<String> one) {
        List<String> some = new ArrayList<>();
        for (int left = random.nextInt(atMost + 1); left > 0; left--) {
            some.add(one.get());
        }
        return some;
    }
}
