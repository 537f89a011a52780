package dev.apikeys;

/** What the audit trail records. Successful use is not audited: {@link ApiKey#lastUse()} shows it. */
public enum AuditEvent {
    /** A key was issued. */
    CREATED,
    /** A key was revoked. */
    REVOKED,
    /** A key got another name, grant or address limit, or was paused or resumed. The reason says which. */
    UPDATED,
    /** A key got a new token. */
    ROTATED,
    /**
     * A token of a known key was rejected. The reason says why. Recorded at most a few times a minute for each key.
     */
    AUTH_FAILED,
    /** A key was over its rate limit. Recorded at most a few times a minute for each key. */
    RATE_LIMITED,
    /**
     * A call of an agent was denied. The reason says which and why. Recorded at most a few times a minute for each key.
     */
    MCP_DENIED
}
