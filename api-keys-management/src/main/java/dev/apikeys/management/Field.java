package dev.apikeys.management;

/** The fields of management calls, by meaning. Each family has its own names for them. */
enum Field {
    /** The key, in a path or as a filter. */
    KEY,
    NAME,
    MODE,
    LIFETIME_DAYS,
    EXPIRES_AT,
    ALLOWED_FROM,
    GRACE_HOURS,
    /** The proof that the person in the session is the user. The host's step-up may give its field another name. */
    PROOF,
    SCOPES,
    /** The host's own word for the purpose of the key. */
    LABEL,
    SELF_REVOCATION,
    ORGANIZATION,
    WORKSPACE,
    /** The new state of the switch of a route. */
    ON,
    MCP_ACTIVE,
    MCP_PRESET,
    MCP_READ_ONLY,
    MCP_ALLOWLIST_MODE,
    MCP_TOOLS,
    MCP_PERMISSIONS,
    MCP_PROJECTS,
    MCP_INSTANCES,
    SEARCH,
    STATUS,
    OWNER,
    SORT_BY,
    SORT_DIRECTION,
    PAGE,
    PAGE_SIZE,
    EVENT
}
