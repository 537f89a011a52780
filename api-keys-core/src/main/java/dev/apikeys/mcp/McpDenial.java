package dev.apikeys.mcp;

/**
 * The rule that a call broke. The rules are tried in this order, and the first one that is broken is the reason given.
 *
 * <p>Immutable and thread-safe.
 */
public enum McpDenial {
    /** MCP access is paused. */
    INACTIVE,
    /** The preset is {@link McpPreset#NONE}: nobody has opened this key to agents. */
    PRESET_NONE,
    /** The method is none that this library knows; whatever it does, nobody has decided about it. */
    UNKNOWN_METHOD,
    /** The policy doesn't give the permission that opens the method. */
    PERMISSION_MISSING,
    /** A tool is called without a name. */
    NAME_MISSING,
    /** Only listed tools may be called, and this one matches no entry. */
    TOOL_NOT_LISTED,
    /** The policy only reads, and the call isn't known to. */
    READ_ONLY,
    /** The call is about a project that is not allowed, or names none where only some are allowed. */
    PROJECT_NOT_ALLOWED,
    /** The call is about an instance that is not allowed, or names none where only some are allowed. */
    INSTANCE_NOT_ALLOWED
}
