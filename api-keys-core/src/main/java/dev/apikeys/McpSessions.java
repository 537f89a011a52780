package dev.apikeys;

/**
 * Whether the agents that are connected with a key have seen its present policy. A guard decides each call by the present
 * policy anyhow; but a client that asked for the list of tools before a change goes on showing the old one until it
 * connects anew.
 *
 * <p>Immutable and thread-safe.
 *
 * @param policyVersion the {@link ApiKey#version()} that brought the present policy
 * @param seenVersion the policy version under which a session was opened last; 0 when none ever was
 */
public record McpSessions(long policyVersion, long seenVersion) {
    /** Of a new key: its first policy, and no session. */
    public static final McpSessions NONE = new McpSessions(1, 0);

    /** What a store keeps as two numbers. */
    public static McpSessions of(long policyVersion, long seenVersion) {
        return policyVersion == 1 && seenVersion == 0 ? NONE : new McpSessions(policyVersion, seenVersion);
    }

    /** After a change of the policy that made this version of the record. */
    McpSessions policyChanged(long version) {
        return of(version, seenVersion);
    }

    /** After a session was opened under this version of the policy, if none was under a later one. */
    public McpSessions seen(long version) {
        return version <= seenVersion ? this : of(policyVersion, version);
    }

    /** Tells whether a session opened now would be the first one to see the present policy. */
    boolean isUnseen() {
        return seenVersion < policyVersion;
    }

    /** Tells whether the policy changed after the latest session was opened; never before there was one. */
    public boolean reconnectRequired() {
        return seenVersion > 0 && isUnseen();
    }
}
