package dev.apikeys.testkit;

/** The calls of a store and of its change feeds that a {@link FaultyStore} can disturb. */
public enum StoreCall {
    /** {@code insert}. */
    INSERT,
    /** {@code importKeys}. */
    IMPORT_KEYS,
    /** {@code tryImport}. */
    TRY_IMPORT,
    /** {@code exportKeys}. */
    EXPORT_KEYS,
    /** {@code countHashes}. */
    COUNT_HASHES,
    /** {@code findCredential}. */
    FIND_CREDENTIAL,
    /** {@code findMissing}. */
    FIND_MISSING,
    /** {@code find}. */
    FIND,
    /** {@code list}. */
    LIST,
    /** {@code apply}. */
    APPLY,
    /** {@code ownerChanged}. */
    OWNER_CHANGED,
    /** {@code rehash}. */
    REHASH,
    /** {@code recordUses}. */
    RECORD_USES,
    /** {@code recordMcpSession}. */
    RECORD_MCP_SESSION,
    /** {@code appendAudit}. */
    APPEND_AUDIT,
    /** {@code audit}. */
    AUDIT,
    /** {@code maintain}. */
    MAINTAIN,
    /** {@code hold} of the housekeeping. */
    HOLD_TASK,
    /** {@code withoutNotice} of the housekeeping. */
    FIND_WITHOUT_NOTICE,
    /** {@code remember} of the housekeeping. */
    REMEMBER_NOTICE,
    /** {@code oldestAudit} of the housekeeping. */
    OLDEST_AUDIT,
    /** {@code removeAudit} of the housekeeping. */
    REMOVE_AUDIT,
    /** {@code removeOldestAudit} of the housekeeping. */
    REMOVE_OLDEST_AUDIT,
    /** {@code latestUses} of the housekeeping. */
    LATEST_USES,
    /** {@code openChangeFeed}. */
    OPEN_FEED,
    /** {@code read} of a change feed. */
    READ_FEED,
    /** {@code awaitHint} of a change feed. */
    AWAIT_HINT,
    /** {@code close} of a change feed. */
    CLOSE_FEED;

    /** Tells whether a service makes the call by itself, again and again. */
    public boolean comesByItself() {
        return switch (this) {
            case FIND_MISSING, OPEN_FEED, READ_FEED, AWAIT_HINT, CLOSE_FEED -> true;
            case HOLD_TASK, FIND_WITHOUT_NOTICE, REMEMBER_NOTICE, OLDEST_AUDIT, REMOVE_AUDIT -> true;
            case REMOVE_OLDEST_AUDIT, LATEST_USES -> true;
            default -> false;
        };
    }
}
