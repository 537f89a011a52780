// @ts-check
// The dialects: names, envelopes and what a key looks like in each family.
import { camel, time } from './dialect.js';

/** @typedef {import('./dialect.js').Dialect} Dialect */
/** @typedef {import('./keys.js').Key} Key */

const SNAKE = {
  name: 'name',
  mode: 'mode',
  allowedFrom: 'allowed_from',
  expiresAt: 'expires_at',
  createdAt: 'created_at',
  graceHours: 'grace_hours',
  page: 'page',
  size: 'page_size',
  search: 'search',
  status: 'status',
  sortBy: 'sort_by',
};

const CAMEL = {
  name: 'name',
  scopes: 'permissions',
  allowedFrom: 'allowedFrom',
  expiresAt: 'expiresAt',
  createdAt: 'createdAt',
  graceHours: 'graceHours',
  page: 'page',
  size: 'limit',
  search: 'search',
  status: 'status',
  owner: 'owner',
  sortBy: 'sortBy',
};

/**
 * What every family says of a key.
 *
 * @param {any} json in camelCase
 * @returns {Key}
 */
function common(json) {
  return {
    id: json.id,
    name: json.name,
    identifier: json.keyPublic ?? json.maskedKey ?? json.prefix ?? '',
    status: json.status ?? 'active',
    mode: json.mode ?? null,
    scopes: json.allowedScopes ?? json.permissions ?? null,
    createdAt: new Date(json.createdAt),
    expiresAt: time(json.expiresAt),
    lastUsedAt: time(json.lastUsedAt),
    lastUsedFrom: json.lastUsedIp || null,
    revokedAt: time(json.revokedAt),
    allowedFrom: json.allowedFrom ?? [],
    organization: json.orgId ?? null,
    workspace: json.workspaceId ?? null,
    owner: '',
    reconnect: false,
    policy: null,
  };
}

/** @type {Dialect} */
const PERSONAL = {
  names: SNAKE,
  list: (json) => ({ items: json.data.api_keys, total: json.data.pagination.total_count }),
  key: (json) => json.data,
  token: (json) => json.data.token,
  audit: (json) => ({ items: json.data.audit, total: json.data.pagination.total_count }),
  auditPath: (id) => ({ path: '/audit', query: { api_key_id: id } }),
  read: (json) => common(camel(json)),
  scopes: () => [],
  explain(status, body) {
    const errors = body.data?.errors ?? [];
    const reached = errors.find((/** @type {any} */ error) => error.message === 'max_keys_reached');
    if (reached) {
      return { kind: 'limit', limit: Number(reached.value) };
    }
    if (body.data?.type === 'external_api_error') {
      return { kind: 'stepUp' };
    }
    const fields = Object.fromEntries(
      errors.map((/** @type {any} */ error) => [ours(SNAKE, error.key), error.message]),
    );
    return status === 400 && errors.length > 0 ? { kind: 'invalid', fields } : {};
  },
};

/** @type {Dialect} */
const WORKSPACE = {
  names: {
    ...SNAKE,
    scopes: 'allowed_scopes',
    selfRevoke: 'allow_self_revoke',
    organization: 'org_id',
    workspace: 'workspace_id',
  },
  list: (json, total) => ({ items: json, total: total ?? json.length }),
  key: (json) => json,
  token: (json) => json.key,
  audit: (json, total) => ({ items: json, total: total ?? json.length }),
  auditPath: (id) => ({ path: `/${id}/audit`, query: {} }),
  read: (json) => common(camel(json)),
  scopes: (json) => json,
  explain(status, body) {
    if (status === 409) {
      return conflict(body.type === 'already_exists_error', body.type === 'conflict_error', body.detail);
    }
    const errors = Array.isArray(body.errors) ? body.errors : [];
    const fields = Object.fromEntries(
      errors.map((/** @type {any} */ error) => [ours(WORKSPACE.names, error.loc[error.loc.length - 1]), error.type]),
    );
    return errors.length > 0 ? { kind: 'invalid', fields } : {};
  },
};

/** @type {Dialect} */
const TENANT = {
  names: CAMEL,
  list: (json) => ({ items: json.apiKeys, total: json.total, estimated: json.totalIsEstimate === true }),
  key: (json) => json.apiKey,
  token: (json) => json.key,
  audit: (json) => ({ items: json.audit, total: json.total }),
  auditPath: (id) => ({ path: `/${id}/audit`, query: {} }),
  read: (json) => ({ ...common(json), owner: ownerOf(json), reconnect: json.mcpReconnectRequired, policy: policy(json) }),
  scopes: (json) => json.scopes,
  explain(status, body) {
    if (status === 409) {
      return conflict(/name/.test(body.message), body.error === 'limit_reached', body.message);
    }
    if (body.error === 'upgrade_required') {
      return { kind: 'upgrade' };
    }
    const fields = Object.fromEntries(
      Object.entries(body.fields ?? {}).map(([field, code]) => [ours(CAMEL, field), code]),
    );
    return Object.keys(fields).length > 0 ? { kind: 'invalid', fields } : {};
  },
};

/** @type {Record<string, Dialect>} */
export const DIALECTS = { personal: PERSONAL, workspace: WORKSPACE, tenant: TENANT, admin: TENANT };

/**
 * Our name of a field of a dialect.
 *
 * @param {Record<string, string>} names
 * @param {string} theirs
 */
function ours(names, theirs) {
  const found = Object.entries(names).find(([, name]) => name === theirs);
  return found ? found[0] : theirs;
}

/**
 * @param {boolean} nameTaken
 * @param {boolean} full
 * @param {string} message which has the limit in words
 */
function conflict(nameTaken, full, message) {
  const limit = /At most (\d+)/.exec(message ?? '');
  if (full && limit) {
    return { kind: 'limit', limit: Number(limit[1]) };
  }
  return nameTaken ? { kind: 'nameTaken', fields: { name: 'name_taken' } } : { kind: 'conflict' };
}

/** @param {any} json */
function policy(json) {
  const fields = Object.entries(json).filter(([name]) => name.startsWith('mcp') && !name.startsWith('mcpReconnect'));
  return /** @type {any} */ (Object.fromEntries(fields));
}

/** @param {any} json */
function ownerOf(json) {
  return [json.userId, json.organizationId, json.workspaceId].filter(Boolean).join(' · ');
}
