// @ts-check
// The keys that an administrator's search finds: any number of them, of which only the pages near what is seen are loaded.
import { Problem } from './wire.js';

/** @typedef {import('./keys.js').Key} Key */

const PAGE_SIZE = 100;

/** Tells `change` when there is something new to see, and `page` when more of it was loaded. */
export class SearchResults extends EventTarget {
  /** @param {import('./dialect.js').Endpoints} endpoints */
  constructor(endpoints) {
    super();
    this.endpoints = endpoints;
    this.query = { search: '', status: '', owner: '' };
    /** @type {Problem | null} */
    this.problem = null;
    this.total = 0;
    this.estimated = false;
    /** @type {Map<number, Key[] | 'loading'>} */
    this.pages = new Map();
    this.attempt = 0;
  }

  get unfiltered() {
    return Object.values(this.query).every((value) => value === '');
  }

  /** Keys that are loaded. */
  get loaded() {
    return [...this.pages.values()].flatMap((page) => (page === 'loading' ? [] : page));
  }

  /** @param {Partial<{search: string, status: string, owner: string}>} query */
  async search(query) {
    this.query = { ...this.query, ...query };
    await this.refresh();
  }

  /** Begins again with the first page. What is seen stays until that is there. */
  async refresh() {
    this.attempt += 1;
    const attempt = this.attempt;
    try {
      const { keys, total, estimated } = await this.endpoints.list({ ...this.query, page: 1, size: PAGE_SIZE });
      if (attempt === this.attempt) {
        this.problem = null;
        this.total = total;
        this.estimated = estimated;
        this.pages = new Map([[0, keys]]);
        this.#changed();
      }
    } catch (failure) {
      this.#fail(failure, attempt);
    }
  }

  /** @param {number} index */
  at(index) {
    const page = this.pages.get(Math.floor(index / PAGE_SIZE));
    return page === undefined || page === 'loading' ? null : (page[index % PAGE_SIZE] ?? null);
  }

  /**
   * Loads what is missing between two places.
   *
   * @param {number} first
   * @param {number} last
   */
  need(first, last) {
    for (let page = Math.floor(first / PAGE_SIZE); page <= Math.floor(last / PAGE_SIZE); page += 1) {
      if (!this.pages.has(page) && page * PAGE_SIZE < this.total) {
        this.#load(page);
      }
    }
  }

  /** @param {number} page from 0 */
  async #load(page) {
    const attempt = this.attempt;
    this.pages.set(page, 'loading');
    try {
      const { keys } = await this.endpoints.list({ ...this.query, page: page + 1, size: PAGE_SIZE });
      if (attempt === this.attempt) {
        this.pages.set(page, keys);
        this.dispatchEvent(new Event('page'));
      }
    } catch (failure) {
      this.pages.delete(page);
      this.#fail(failure, attempt);
    }
  }

  /**
   * @param {unknown} failure
   * @param {number} attempt
   */
  #fail(failure, attempt) {
    if (attempt === this.attempt) {
      this.problem = failure instanceof Problem ? failure : new Problem('failed');
      this.#changed();
    }
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}
