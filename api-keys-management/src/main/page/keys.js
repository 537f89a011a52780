// @ts-check
// What the views know of keys, whatever the dialect.

/** @typedef {'personal' | 'workspace' | 'tenant' | 'admin'} Family */
/** @typedef {'active' | 'paused' | 'expired' | 'revoked'} Status */

/**
 * @typedef {object} Policy what agents may do with a key
 * @property {boolean} mcpActive
 * @property {'none' | 'read_only' | 'standard' | 'full' | 'custom'} mcpPreset
 * @property {boolean} mcpReadOnly
 * @property {'all' | 'listed'} mcpAllowlistMode
 * @property {string[]} mcpToolAllowlist
 * @property {string[]} mcpPermissions
 * @property {string[]} mcpProjectIds
 * @property {string[]} mcpInstanceIds
 */

/**
 * @typedef {object} Key
 * @property {string} id
 * @property {string} name
 * @property {string} identifier the public beginning of the token
 * @property {Status} status
 * @property {'read' | 'write' | null} mode
 * @property {string[] | null} scopes
 * @property {Date} createdAt
 * @property {Date | null} expiresAt
 * @property {Date | null} lastUsedAt
 * @property {string | null} lastUsedFrom
 * @property {Date | null} revokedAt
 * @property {string[]} allowedFrom
 * @property {string | null} organization of a workspace key, if it is in one
 * @property {string | null} workspace
 * @property {string} owner for administrators, else empty
 * @property {boolean} reconnect agents have not seen the last change of the policy
 * @property {Policy | null} policy
 */

/**
 * @typedef {object} Settings what applies to keys here, as the server says it
 * @property {Family} family
 * @property {'mode' | 'scopes' | null} grant
 * @property {number | null} maxActiveKeys
 * @property {number} defaultLifetimeSeconds
 * @property {number} maxLifetimeSeconds
 * @property {boolean} mayNeverExpire
 * @property {boolean} mayExpireLater
 * @property {number} defaultGraceSeconds
 * @property {number} maxGraceSeconds
 * @property {string | null} proof the field of the body that proves who the caller is
 * @property {number} revokedWithinSeconds
 * @property {string} tokenPrefix
 * @property {{header: string, token: string} | null} csrf
 */

/**
 * @typedef {object} Draft what is asked for when a key is created or changed; what is absent is not sent
 * @property {string} [name]
 * @property {string} [mode]
 * @property {string[]} [scopes]
 * @property {string[]} [allowedFrom]
 * @property {string | null} [expiresAt]
 * @property {boolean} [selfRevoke]
 * @property {Partial<Policy>} [policy]
 * @property {Record<string, string>} [proof]
 */

/**
 * @typedef {object} Query
 * @property {number} [page] from 1
 * @property {number} [size]
 * @property {string} [search]
 * @property {string} [status]
 * @property {string} [owner]
 * @property {'createdAt' | 'expiresAt'} [sortBy]
 */

/**
 * @typedef {object} AuditEntry
 * @property {string} id
 * @property {string} event
 * @property {string | null} reason
 * @property {string} actor
 * @property {string} from
 * @property {string} request method and path
 * @property {Date} createdAt
 */

/** @typedef {{method: string, name: string | null, title: string | null, readOnly: boolean, allowed: boolean, explanation: string}} ExplainedCall */
/** @typedef {{policy: Policy, permissions: string[], toolsKnown: boolean, calls: ExplainedCall[]}} Explanation */
/** @typedef {{resource: string, actions: string[]}} ScopeGroup */

const DAY = 86_400_000;

/** Days before its end in which a key is noticed. */
const SOON_DAYS = 14;

/** Days after which a key that was never used is noticed. */
const UNUSED_DAYS = 7;

/** @param {Key} key */
export function isLive(key) {
  return key.status === 'active' || key.status === 'paused';
}

/**
 * Whether a program probably depends on it.
 *
 * @param {Key} key
 * @param {number} now
 */
export function usedLately(key, now) {
  return key.lastUsedAt !== null && now - key.lastUsedAt.getTime() < DAY;
}

/**
 * @param {Key} key
 * @param {number} now
 */
export function expiresSoon(key, now) {
  return isLive(key) && key.expiresAt !== null && key.expiresAt.getTime() - now < SOON_DAYS * DAY;
}

/**
 * @param {Key} key
 * @param {number} now
 */
export function neverUsed(key, now) {
  return isLive(key) && key.lastUsedAt === null && now - key.createdAt.getTime() > UNUSED_DAYS * DAY;
}

/** @param {Key} key */
export function policyOf(key) {
  return /** @type {Policy} */ (key.policy);
}
