package dev.apikeys.mcp;

/**
 * The rule that a call broke. The rules are checked in this order. The first broken rule is the reason.
 *
 * <p>Immutable and thread-safe.
 */
public enum McpDenial {
    /** MCP access is paused. */
    INACTIVE,
    /** The preset is {@link McpPreset#NONE}: the key is not for agents. */
    PRESET_NONE,
    /** This library doesn't know the method, so no rule covers it. */
    UNKNOWN_METHOD,
    /** The policy doesn't have the permission that the method needs. */
    PERMISSION_MISSING,
    /** A tool is called without a name. */
    NAME_MISSING,
    /** Only listed tools may be called, and this one matches no entry. */
    TOOL_NOT_LISTED,
    /** The policy allows reading only, and the call isn't known to be read-only. */
    READ_ONLY,
    /** The project of the call is not allowed, or the call names none and only some are allowed. */
    PROJECT_NOT_ALLOWED,
    /** The instance of the call is not allowed, or the call names none and only some are allowed. */
    INSTANCE_NOT_ALLOWED
}
