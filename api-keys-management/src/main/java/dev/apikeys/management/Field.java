package dev.apikeys.management;

/** What a management call can take, by meaning; each family has names of its own for them. */
enum Field {
    /** Which key, in a path or as a filter. */
    KEY,
    NAME,
    MODE,
    LIFETIME_DAYS,
    EXPIRES_AT,
    /** The proof that the person in the session is the user. The host's step-up may give its field another name. */
    PROOF,
    SCOPES,
    /** The host's own word for what the key is about. */
    LABEL,
    SELF_REVOCATION,
    ORGANIZATION,
    WORKSPACE,
    /** Whether a switch that a route is about is to be on. */
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
    PAGE,
    PAGE_SIZE,
    EVENT
}
