package dev.apikeys.mcp;

import java.util.Collection;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * What agents may do with one key, for every version and transport of the Model Context Protocol.
 *
 * <p>A policy begins with a preset. Changing a field that the preset fixes makes the policy a
 * {@linkplain McpPreset#CUSTOM custom} one with that field changed, and after {@link McpPreset#NONE} with what custom
 * begins with; {@link #pause}, {@link #projects(IdAllowlist)} and {@link #instances(IdAllowlist)} leave the preset as
 * it is.
 *
 * <p>Immutable and thread-safe: every method that changes something gives a new value.
 */
public final class McpPolicy {
    /**
     * The policy of a key without one: active, and nothing allowed. By default a key is not for agents, not even for
     * reading, because only the server says whether a tool is read-only.
     */
    public static final McpPolicy DEFAULT = of(McpPreset.NONE);

    /** The most entries that a tool allowlist may have. */
    public static final int MAX_TOOLS = 256;

    /**
     * Longest entry of a tool allowlist in characters, including a star. The protocol recommends this length for tool
     * names.
     */
    public static final int MAX_TOOL_NAME_LENGTH = 128;

    private static final McpDecision ALLOWED = new McpDecision.Allowed();

    private final boolean active;
    private final McpPreset preset;
    private final McpRules rules;
    private final IdAllowlist projects;
    private final IdAllowlist instances;

    private McpPolicy(boolean active, McpPreset preset, McpRules rules, IdAllowlist projects, IdAllowlist instances) {
        this.active = active;
        this.preset = preset;
        this.rules = rules;
        this.projects = Objects.requireNonNull(projects, "projects");
        this.instances = Objects.requireNonNull(instances, "instances");
    }

    /** An active policy with the fields of the preset, for every project and instance. */
    public static McpPolicy of(McpPreset preset) {
        Objects.requireNonNull(preset, "preset");
        return new McpPolicy(true, preset, preset.rules(), IdAllowlist.EVERY, IdAllowlist.EVERY);
    }

    /**
     * Decides about one call; no I/O, no state, nothing allocated.
     *
     * @return allowed, or denied with the first rule, in the order of {@link McpDenial}, that the call breaks
     */
    public McpDecision decide(McpCall call) {
        Objects.requireNonNull(call, "call");
        McpMethod method = McpMethod.find(call.method());
        McpDecision.Denied broken = brokenBy(call, method);
        if (broken == null && !projects.admits(call.project(), method)) {
            broken = Denials.of(McpDenial.PROJECT_NOT_ALLOWED);
        }
        if (broken == null && !instances.admits(call.instance(), method)) {
            broken = Denials.of(McpDenial.INSTANCE_NOT_ALLOWED);
        }
        return broken == null ? ALLOWED : broken;
    }

    /**
     * Tells whether a list shows the tool, resource or prompt that the call would use: exactly when {@link #decide}
     * allows the call or, where it names no project or no instance, would allow it in at least one.
     */
    public boolean lists(McpCall call) {
        Objects.requireNonNull(call, "call");
        return brokenBy(call, McpMethod.find(call.method())) == null
                && projects.shows(call.project())
                && instances.shows(call.instance());
    }

    /**
     * Explains for people which rule decided about the call, also for an allowed one. One line of ASCII. Don't parse
     * it.
     */
    public String explain(McpCall call) {
        return Explanation.of(this, call);
    }

    /**
     * A policy that allows what both this policy and the ceiling allow: in each field the narrower of the two. Its list
     * of tools may be longer than {@value #MAX_TOOLS}, so use it for decisions and don't store it.
     */
    public McpPolicy within(McpPolicy ceiling) {
        Objects.requireNonNull(ceiling, "ceiling");
        boolean none = preset == McpPreset.NONE || ceiling.preset == McpPreset.NONE;
        McpRules both = none ? McpPreset.NONE.rules() : rules.intersect(ceiling.rules);
        return new McpPolicy(
                active && ceiling.active,
                none ? McpPreset.NONE : commonPreset(ceiling, both),
                both,
                projects.intersect(ceiling.projects),
                instances.intersect(ceiling.instances));
    }

    /**
     * Tells whether this policy allows nothing that the other one denies, apart from being paused. False also where that
     * can't be told from the fields alone.
     */
    public boolean isWithin(McpPolicy ceiling) {
        Objects.requireNonNull(ceiling, "ceiling");
        McpPolicy both = within(ceiling);
        // What is allowed without a permission is not in the rules, and NONE denies it.
        return preset == McpPreset.NONE
                || (ceiling.preset != McpPreset.NONE
                        && both.rules.equals(rules)
                        && both.projects.equals(projects)
                        && both.instances.equals(instances));
    }

    /** Denies everything until {@link #resume}. The other fields stay as they are. */
    public McpPolicy pause() {
        return new McpPolicy(false, preset, rules, projects, instances);
    }

    /** Undoes {@link #pause}. */
    public McpPolicy resume() {
        return new McpPolicy(true, preset, rules, projects, instances);
    }

    /**
     * The same under another preset, with what that one fixes. {@link McpPreset#CUSTOM} leaves all as it is, except after
     * {@link McpPreset#NONE}, which has nothing to leave.
     */
    public McpPolicy preset(McpPreset changed) {
        Objects.requireNonNull(changed, "changed");
        McpRules fixed = changed == McpPreset.CUSTOM ? customRules() : changed.rules();
        return new McpPolicy(active, changed, fixed, projects, instances);
    }

    /**
     * Allows only calls that are known to be read-only: tools that are declared read-only, and no changes of tasks.
     */
    public McpPolicy onlyReading() {
        return custom(customRules().onlyReading());
    }

    /** Allows calls that may write. */
    public McpPolicy alsoWriting() {
        return custom(customRules().alsoWriting());
    }

    /** Sets whether the list of tools is used. */
    public McpPolicy allowlistMode(AllowlistMode mode) {
        return custom(customRules().withMode(mode));
    }

    /**
     * The list of tools, which counts under {@link AllowlistMode#LISTED}. An entry is a tool's exact name, or with a
     * star at its end what the name begins with.
     *
     * @throws IllegalArgumentException when there are more than {@value #MAX_TOOLS} entries, or one is empty, longer
     *     than {@value #MAX_TOOL_NAME_LENGTH}, holds anything but visible ASCII characters, or a star before its end
     */
    public McpPolicy tools(Collection<String> entries) {
        return custom(customRules().withTools(entries));
    }

    /** Sets the permissions. */
    public McpPolicy permissions(Collection<McpPermission> given) {
        Objects.requireNonNull(given, "given");
        return custom(customRules().withPermissions(given));
    }

    /** The allowed projects. */
    public McpPolicy projects(IdAllowlist projects) {
        Objects.requireNonNull(projects, "projects");
        return new McpPolicy(active, preset, rules, projects, instances);
    }

    /** The allowed instances. */
    public McpPolicy instances(IdAllowlist instances) {
        Objects.requireNonNull(instances, "instances");
        return new McpPolicy(active, preset, rules, projects, instances);
    }

    /** Tells whether MCP access isn't paused. */
    public boolean isActive() {
        return active;
    }

    /** The preset. */
    public McpPreset getPreset() {
        return preset;
    }

    /** Tells whether only read-only calls are allowed. */
    public boolean isReadOnly() {
        return rules.readOnly();
    }

    /** Whether the list of tools is used. */
    public AllowlistMode getAllowlistMode() {
        return rules.mode();
    }

    /** The list of tools, in the order of their names. */
    public SortedSet<String> getTools() {
        return rules.tools().entries();
    }

    /** The permissions, in the order of their declaration. */
    public Set<McpPermission> getPermissions() {
        return rules.permissions();
    }

    /** The allowed projects. */
    public IdAllowlist getProjects() {
        return projects;
    }

    /** The allowed instances. */
    public IdAllowlist getInstances() {
        return instances;
    }

    /** Two policies are equal if all their fields are equal. */
    @Override
    public boolean equals(Object other) {
        return other instanceof McpPolicy that
                && active == that.active
                && preset == that.preset
                && rules.equals(that.rules)
                && projects.equals(that.projects)
                && instances.equals(that.instances);
    }

    @Override
    public int hashCode() {
        return Objects.hash(active, preset, rules, projects, instances);
    }

    /** The fields on one line, with only the number of tools, projects and instances. */
    @Override
    public String toString() {
        return "McpPolicy[" + (active ? "active, " : "paused, ") + preset + (isReadOnly() ? ", reading" : ", writing")
                + ", tools: " + getAllowlistMode() + " (" + getTools().size() + "), permissions: " + getPermissions()
                + ", projects: " + projects + ", instances: " + instances + "]";
    }

    ToolAllowlist allowlist() {
        return rules.tools();
    }

    /** What a custom policy that comes of this one begins with. */
    private McpRules customRules() {
        return preset == McpPreset.NONE ? McpPreset.CUSTOM.rules() : rules;
    }

    private McpPolicy custom(McpRules changed) {
        return new McpPolicy(active, McpPreset.CUSTOM, changed, projects, instances);
    }

    /** The name of a preset is kept only if the rules are still those of the preset. */
    private McpPreset commonPreset(McpPolicy ceiling, McpRules both) {
        if (preset != McpPreset.CUSTOM && both.equals(rules)) {
            return preset;
        }
        return both.equals(ceiling.rules) ? ceiling.preset : McpPreset.CUSTOM;
    }

    private McpDecision.@Nullable Denied brokenBy(McpCall call, @Nullable McpMethod method) {
        if (!active) {
            return Denials.of(McpDenial.INACTIVE);
        }
        if (preset == McpPreset.NONE) {
            return Denials.of(McpDenial.PRESET_NONE);
        }
        return method == null ? Denials.of(McpDenial.UNKNOWN_METHOD) : rules.brokenBy(call, method);
    }

    /**
     * Whether the list of tools is used.
     *
     * <p>Immutable and thread-safe.
     */
    public enum AllowlistMode {
        /** Every tool that the other rules allow. The list is kept but not used. */
        ALL,
        /** Only tools that match an entry of the list. If the list is empty, no tool. */
        LISTED
    }
}
