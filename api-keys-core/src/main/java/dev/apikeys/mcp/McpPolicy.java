package dev.apikeys.mcp;

import java.util.Collection;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * What agents may do with one key, over whichever version and transport of the Model Context Protocol they come.
 *
 * <p>A policy begins with a preset. Changing a field that the preset fixes makes the policy a
 * {@linkplain McpPreset#CUSTOM custom} one with that field changed, and after {@link McpPreset#NONE} with what custom begins
 * with; {@link #pause}, {@link #projects(IdAllowlist)} and
 * {@link #instances(IdAllowlist)} leave the preset as it is.
 *
 * <p>Immutable and thread-safe: every method that changes something gives a new value.
 */
public final class McpPolicy {
    /**
     * For a key about which nobody said anything: active, and nothing allowed. A key that was made for a service isn't
     * opened to agents by default, not even for reading, because whether a tool only reads is its server's word.
     */
    public static final McpPolicy DEFAULT = of(McpPreset.NONE);

    /** The most entries that a tool allowlist may have. */
    public static final int MAX_TOOLS = 256;

    /** Longest entry of a tool allowlist, in characters, a star included; the protocol's own advice for tool names. */
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

    /** An active policy with what the preset fixes, for every project and instance. */
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

    /** Tells people which rule decided about the call, also for an allowed one: a line of ASCII, not to be parsed. */
    public String explain(McpCall call) {
        return Explanation.of(this, call);
    }

    /**
     * What both this policy and the ceiling allow: the narrower of the two in every field, whichever comes first. Of two
     * lists of tools the result may be longer than {@value #MAX_TOOLS}: it is for deciding, not for keeping.
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

    /** Refuses everything until {@link #resume}; the other fields stay. */
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

    /** Lets only calls through that are known to read: tools declared read-only, and no steering of tasks. */
    public McpPolicy onlyReading() {
        return custom(customRules().onlyReading());
    }

    /** Lets calls through that may write. */
    public McpPolicy alsoWriting() {
        return custom(customRules().alsoWriting());
    }

    /** Says whether the list of tools counts. */
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

    /** The permissions that are given. */
    public McpPolicy permissions(Collection<McpPermission> given) {
        Objects.requireNonNull(given, "given");
        return custom(customRules().withPermissions(given));
    }

    /** The projects that may be reached. */
    public McpPolicy projects(IdAllowlist projects) {
        Objects.requireNonNull(projects, "projects");
        return new McpPolicy(active, preset, rules, projects, instances);
    }

    /** The instances that may be reached. */
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

    /** Tells whether only calls known to read are let through. */
    public boolean isReadOnly() {
        return rules.readOnly();
    }

    /** Whether the list of tools counts. */
    public AllowlistMode getAllowlistMode() {
        return rules.mode();
    }

    /** The list of tools, in the order of their names. */
    public SortedSet<String> getTools() {
        return rules.tools().entries();
    }

    /** The permissions that are given, in the order of their declaration. */
    public Set<McpPermission> getPermissions() {
        return rules.permissions();
    }

    /** The projects that may be reached. */
    public IdAllowlist getProjects() {
        return projects;
    }

    /** The instances that may be reached. */
    public IdAllowlist getInstances() {
        return instances;
    }

    /** Two policies are equal when all their fields are. */
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

    /** The fields on one line; of tools, projects and instances only how many there are. */
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

    /** A preset's name stays true only where the rules are still the preset's. */
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
     * Whether the list of tools counts.
     *
     * <p>Immutable and thread-safe.
     */
    public enum AllowlistMode {
        /** Every tool but those that the other rules refuse; the list stays, and counts for nothing. */
        ALL,
        /** Only tools that match an entry of the list; no tool at all when the list is empty. */
        LISTED
    }
}
