// @ts-check
// The keys that are shown, and in which phase that is. Views listen to `change`.
import { Problem } from './wire.js';

/** @typedef {import('./keys.js').Key} Key */
/** @typedef {'loading' | 'ready' | 'problem'} Phase */

const PAGE_SIZE = 50;

/** One list with its search. Keeps only what the answers hold, and never a token. */
export class KeyList extends EventTarget {
  /** @param {import('./dialect.js').Endpoints} endpoints */
  constructor(endpoints) {
    super();
    this.endpoints = endpoints;
    /** @type {Phase} */
    this.phase = 'loading';
    /** @type {Problem | null} */
    this.problem = null;
    /** @type {Key[]} */
    this.keys = [];
    this.total = 0;
    /** @type {Key[]} keys that are neither revoked nor expired, those that end first in front */
    this.live = [];
    this.liveTotal = 0;
    this.query = { search: '', status: '' };
    this.pages = 1;
    this.attempt = 0;
  }

  /** Whether nothing was asked for but the list. */
  get unfiltered() {
    return this.query.search === '' && this.query.status === '';
  }

  /** Loads again what is shown; the old keys stay until the new ones are there. */
  async refresh() {
    this.attempt += 1;
    const attempt = this.attempt;
    try {
      const live = ['active', 'paused'].map((status) => this.endpoints.list({ ...LIVE, status }));
      const [shown, ...pages] = await Promise.all([this.#shown(), ...live]);
      if (attempt === this.attempt) {
        this.#show(shown, pages);
      }
    } catch (failure) {
      if (attempt === this.attempt) {
        this.fail(failure);
      }
    }
  }

  /** @param {Partial<{search: string, status: string}>} query */
  async search(query) {
    this.query = { ...this.query, ...query };
    this.pages = 1;
    await this.refresh();
  }

  async more() {
    this.pages += 1;
    await this.refresh();
  }

  /** @param {unknown} failure */
  fail(failure) {
    this.problem = failure instanceof Problem ? failure : new Problem('failed');
    this.#become('problem');
  }

  async #shown() {
    const numbers = Array.from({ length: this.pages }, (_, index) => index + 1);
    const pages = await Promise.all(
      numbers.map((page) => this.endpoints.list({ ...this.query, page, size: PAGE_SIZE })),
    );
    return { keys: distinct(pages.flatMap((page) => page.keys)), total: pages[0].total };
  }

  /**
   * @param {{keys: Key[], total: number}} shown
   * @param {{keys: Key[], total: number}[]} live
   */
  #show(shown, live) {
    this.keys = shown.keys;
    this.total = shown.total;
    this.live = live.flatMap(({ keys }) => keys).sort((one, other) => end(one) - end(other));
    this.liveTotal = live.reduce((sum, { total }) => sum + total, 0);
    this.problem = null;
    this.#become('ready');
  }

  /** @param {Phase} phase */
  #become(phase) {
    this.phase = phase;
    this.dispatchEvent(new Event('change'));
  }
}

const LIVE = { sortBy: /** @type {'expiresAt'} */ ('expiresAt'), page: 1, size: 100 };

/**
 * A key that moved from one page to the next while both were read is shown once.
 *
 * @param {Key[]} keys
 */
function distinct(keys) {
  return [...new Map(keys.map((key) => [key.id, key])).values()];
}

/** @param {Key} key */
function end(key) {
  return key.expiresAt?.getTime() ?? Infinity;
}
