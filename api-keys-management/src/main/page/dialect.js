// @ts-check
// The calls of a family, the same for each of them; their names and envelopes are in the families' own files.

/** @typedef {import('./keys.js').Key} Key */
/** @typedef {import('./keys.js').Query} Query */
/** @typedef {import('./keys.js').Draft} Draft */
/** @typedef {import('./wire.js').Wire} Wire */
/** @typedef {import('./keys.js').Settings} Settings */

/**
 * @typedef {object} Dialect
 * @property {Record<string, string>} names of fields and parameters, by ours; what is missing, the family does not have
 * @property {(json: any, total: number | null) => {items: any[], total: number, estimated?: boolean}} list
 * @property {(json: any) => any} key of an answer about one key
 * @property {(json: any) => string} token
 * @property {(json: any, total: number | null) => {items: any[], total: number}} audit
 * @property {(id: string) => {path: string, query: object}} auditPath
 * @property {(json: any) => Key} read a key of a list
 * @property {(json: any) => import('./keys.js').ScopeGroup[]} scopes
 * @property {(status: number, body: any) => object} explain an envelope that says no
 */

/** Entries of an audit trail in one page. */
export const AUDIT_PAGE = 20;

/** What the views can ask for. One object for each element and mount. */
export class Endpoints {
  /**
   * @param {Dialect} dialect
   * @param {Wire} wire
   */
  constructor(dialect, wire) {
    this.dialect = dialect;
    this.wire = wire;
    wire.explain = dialect.explain;
  }

  /**
   * @param {Query} query
   * @returns {Promise<{keys: Key[], total: number, estimated: boolean}>}
   */
  async list(query) {
    const { json, total } = await this.wire.call('GET', '', { query: this.#query(query) });
    const page = this.dialect.list(json, total);
    return { keys: page.items.map(this.dialect.read), total: page.total, estimated: page.estimated ?? false };
  }

  /**
   * @param {Draft} draft
   * @returns {Promise<{key: Key, token: string}>}
   */
  async create(draft) {
    return this.#issued(await this.wire.call('POST', '', { body: this.#body(draft) }));
  }

  /**
   * @param {Key} key
   * @param {{graceHours?: number, proof: Record<string, string>}} how
   * @returns {Promise<{key: Key, token: string}>}
   */
  async rotate(key, { graceHours, proof }) {
    const body = { [this.dialect.names.graceHours]: graceHours, ...proof };
    return this.#issued(await this.wire.call('POST', `${place(key)}/rotate`, { body }));
  }

  /**
   * @param {Key} key
   * @param {Draft} draft
   * @returns {Promise<Key>}
   */
  async change(key, draft) {
    return this.#shown(await this.wire.call('PATCH', place(key), { body: this.#body(draft) }));
  }

  /**
   * @param {Key} key
   * @param {'pause' | 'resume'} step
   * @returns {Promise<Key>}
   */
  async step(key, step) {
    return this.#shown(await this.wire.call('POST', `${place(key)}/${step}`));
  }

  /** @param {Key} key */
  async revoke(key) {
    await this.wire.call('DELETE', place(key));
  }

  /**
   * @param {Key} key
   * @param {number} page
   * @returns {Promise<{entries: import('./keys.js').AuditEntry[], total: number}>}
   */
  async audit(key, page) {
    const { path, query } = this.dialect.auditPath(encodeURIComponent(key.id));
    const { json, total } = await this.wire.call('GET', path, { query: { ...query, ...this.#query({ page, size: AUDIT_PAGE }) } });
    const trail = this.dialect.audit(json, total);
    return { entries: trail.items.map(entry), total: trail.total };
  }

  /**
   * What the reader may grant.
   *
   * @param {Key} [key] to this key, in its organization and workspace; absent for a new one
   * @returns {Promise<import('./keys.js').ScopeGroup[]>}
   */
  async scopes(key) {
    const query = this.#renamed({ organization: key?.organization, workspace: key?.workspace });
    const { json } = await this.wire.call('GET', '/scopes', { query });
    return this.dialect.scopes(json);
  }

  /**
   * @param {Key} key
   * @param {Partial<import('./keys.js').Policy>} policy
   * @returns {Promise<import('./keys.js').Explanation>}
   */
  async explain(key, policy) {
    const { json } = await this.wire.call('POST', '/mcp/explain', { body: { id: key.id, ...policy } });
    return json;
  }

  /** @param {{json: any}} answer */
  #issued({ json }) {
    return { key: this.dialect.read(this.dialect.key(json)), token: this.dialect.token(json) };
  }

  /** @param {{json: any}} answer */
  #shown({ json }) {
    return this.dialect.read(this.dialect.key(json));
  }

  /** @param {Query} query */
  #query(query) {
    const { sortBy, ...others } = query;
    const sent = this.#renamed(others);
    if (sortBy) {
      sent[this.dialect.names.sortBy] = this.dialect.names[sortBy];
    }
    return sent;
  }

  /** @param {Draft} draft */
  #body({ policy, proof, ...fields }) {
    return { ...this.#renamed(fields), ...policy, ...proof };
  }

  /** @param {Record<string, any>} values */
  #renamed(values) {
    /** @type {Record<string, any>} */
    const renamed = {};
    for (const [name, value] of Object.entries(values)) {
      if (value !== undefined && this.dialect.names[name]) {
        renamed[this.dialect.names[name]] = value;
      }
    }
    return renamed;
  }
}

/**
 * What applies at a mount, of which nobody has said yet whose dialect it speaks.
 *
 * @param {Wire} wire
 * @returns {Promise<Settings>}
 */
export async function settingsOf(wire) {
  const { json } = await wire.call('GET', '/settings');
  const settings = /** @type {any} */ (camel(json.data ?? json.settings ?? json));
  wire.csrf = settings.csrf;
  wire.renew = () => settingsOf(wire);
  return settings;
}

/** @param {Key} key */
function place(key) {
  return `/${encodeURIComponent(key.id)}`;
}

/** @param {any} json an audit entry of any dialect */
function entry(json) {
  const from = camel(json);
  return {
    id: from.id,
    event: from.event,
    reason: from.reason,
    actor: from.actor ?? '',
    from: from.ip ?? '',
    request: [from.method, from.path].filter(Boolean).join(' '),
    createdAt: new Date(from.createdAt),
  };
}

/**
 * The same object with names in camelCase.
 *
 * @param {any} json
 */
export function camel(json) {
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => [name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase()), value]),
  );
}

/** @param {string | null | undefined} text */
export function time(text) {
  return text ? new Date(text) : null;
}
