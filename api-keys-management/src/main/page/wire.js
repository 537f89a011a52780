// @ts-check
// One HTTP call, and what can go wrong with it. Knows no dialect.

/** @typedef {'offline' | 'slow' | 'unauthorized' | 'forbidden' | 'upgrade' | 'missing' | 'conflict' | 'limit' | 'nameTaken'
 *   | 'invalid' | 'limited' | 'unavailable' | 'stepUp' | 'unproven' | 'failed'} ProblemKind */

/**
 * @typedef {object} ProblemDetails
 * @property {Record<string, string>} [fields] a code for each field that is wrong
 * @property {number} [limit] how many active keys are allowed
 * @property {number} [retryAfter] seconds
 * @property {number} [status]
 */

/** Why a call has no result. Holds nothing that was sent. */
export class Problem extends Error {
  /**
   * @param {ProblemKind} kind
   * @param {ProblemDetails} [details]
   */
  constructor(kind, { fields = {}, limit = 0, retryAfter = 0, status = 0 } = {}) {
    super(kind);
    this.name = 'Problem';
    this.kind = kind;
    this.fields = fields;
    this.limit = limit;
    this.retryAfter = retryAfter;
    this.status = status;
  }
}

/**
 * @param {unknown} failure
 * @returns {Problem} the failure itself, or one that says nothing of a mistake in a program
 */
export function problemOf(failure) {
  return failure instanceof Problem ? failure : new Problem('failed');
}

/** @type {Record<number, ProblemKind>} */
const KINDS = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'missing',
  409: 'conflict',
  422: 'invalid',
  426: 'upgrade',
  429: 'limited',
  502: 'unavailable',
  503: 'unavailable',
  504: 'unavailable',
};

/**
 * @typedef {object} WireOptions
 * @property {string} base where the family is mounted
 * @property {RequestCredentials} credentials
 * @property {() => Record<string, string> | Promise<Record<string, string>>} headers what the host adds to each call
 * @property {number} patience milliseconds until a call counts as not answered
 */

/** Calls the endpoints of one mount. */
export class Wire {
  /** @param {WireOptions} options */
  constructor(options) {
    this.options = options;
    /** @type {{header: string, token: string} | null} */
    this.csrf = null;
    /** @type {(status: number, body: any) => {kind?: ProblemKind} & ProblemDetails} reads a dialect's envelope */
    this.explain = () => ({});
    /** @type {() => Promise<unknown>} reads the token anew */
    this.renew = async () => {};
  }

  /**
   * @param {string} method
   * @param {string} path below the mount
   * @param {{query?: Record<string, unknown>, body?: object}} [content]
   * @returns {Promise<{json: any, total: number | null}>} the JSON of a success, null without a body, and the number of all
   *   items where a header has it
   * @throws {Problem}
   */
  async call(method, path, content = {}) {
    try {
      return await this.#once(method, path, content);
    } catch (failure) {
      const problem = problemOf(failure);
      if (method === 'GET' || problem.status !== 403 || !(await this.#hasNewToken())) {
        throw problem;
      }
      return this.#once(method, path, content);
    }
  }

  /** After another log-in the token is another one. */
  async #hasNewToken() {
    const before = this.csrf?.token;
    if (before === undefined) {
      return false;
    }
    try {
      await this.renew();
    } catch {
      return false; // What failed first is what is told.
    }
    return this.csrf?.token !== before;
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {{query?: Record<string, unknown>, body?: object}} content
   */
  async #once(method, path, { query = {}, body }) {
    const { response, text } = await this.#fetch(method, this.#url(path, query), body);
    if (response.type === 'opaqueredirect') {
      throw new Problem('unauthorized'); // A host that sends people without a session to its log-in.
    }
    const json = jsonOf(text);
    if (response.ok && (json !== null || response.status === 204)) {
      const total = response.headers.get('X-Total-Count'); // Null also where a page of another origin may not see it.
      return { json, total: total === null ? null : Number(total) };
    }
    const read = json === null ? {} : this.explain(response.status, json);
    throw new Problem(read.kind ?? KINDS[response.status] ?? 'failed', {
      ...read,
      retryAfter: Math.max(0, Number(response.headers.get('Retry-After')) || 0),
      status: response.status,
    });
  }

  /**
   * @param {string} path
   * @param {Record<string, unknown>} query
   */
  #url(path, query) {
    const base = new URL(this.options.base, document.baseURI);
    const url = new URL(base.pathname.replace(/\/$/, '') + path, base);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined && value !== null && value !== '') {
        url.searchParams.set(name, String(value));
      }
    }
    return url;
  }

  /**
   * @param {string} method
   * @param {URL} url
   * @param {object | undefined} body
   */
  async #fetch(method, url, body) {
    const headers = { Accept: 'application/json', ...this.#csrf(method), ...(await this.options.headers()) };
    /** @type {Record<string, string>} */
    const sent = body === undefined ? {} : { 'Content-Type': 'application/json' };
    try {
      const response = await fetch(url, {
        method,
        headers: { ...headers, ...sent },
        body: body === undefined ? undefined : JSON.stringify(body),
        cache: 'no-store',
        credentials: this.options.credentials,
        redirect: 'manual',
        referrerPolicy: 'no-referrer',
        signal: AbortSignal.timeout(this.options.patience),
      });
      return { response, text: await response.text() };
    } catch (failure) {
      throw new Problem(/** @type {any} */ (failure).name === 'TimeoutError' ? 'slow' : 'offline');
    }
  }

  /**
   * The token against cross-site requests: the one of the settings, or as Spring Security gives it to pages, in two
   * `meta` elements or in a cookie.
   *
   * @param {string} method
   * @returns {Record<string, string>}
   */
  #csrf(method) {
    if (method === 'GET') {
      return {};
    }
    if (this.csrf) {
      return { [this.csrf.header]: this.csrf.token };
    }
    const [token, header] = ['_csrf', '_csrf_header'].map((name) =>
      document.querySelector(`meta[name="${name}"]`)?.getAttribute('content'),
    );
    if (token) {
      return { [header || 'X-CSRF-TOKEN']: token };
    }
    const cookie = /(?:^|;\s*)XSRF-TOKEN=([^;]+)/.exec(document.cookie);
    return cookie ? { 'X-XSRF-TOKEN': decodeURIComponent(cookie[1]) } : {};
  }
}

/** @param {string} text */
function jsonOf(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
