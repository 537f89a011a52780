// @ts-check
// What all views of one element share.
import { fill } from './dom.js';
import { Problems } from './problems.js';
import { problemOf } from './wire.js';

/** @typedef {import('./keys.js').Settings} Settings */
/** @typedef {import('./wire.js').Problem} Problem */
/** @typedef {'created' | 'rotated' | 'revoked' | 'paused' | 'resumed' | 'changed'} Change */

/**
 * @typedef {object} Host what the application decides
 * @property {AbortSignal} signal ends when the element leaves the page
 * @property {string} family as the application named it, or `any`
 * @property {() => number} now milliseconds
 * @property {() => ((action: string) => Promise<string>) | null} prove what gives the value of the field that proves who is
 *   calling
 * @property {string} heading the element of the title, such as `h2`
 * @property {string} apiUrl where keys are used
 * @property {string} mcpUrl
 * @property {(name: string, detail: object) => boolean} emit tells the application; false if it takes care itself
 */

const TOAST_MILLIS = 8_000;

/** The parts that views need. Belongs to one element and one load. */
export class App {
  /**
   * @param {ShadowRoot} root
   * @param {import('./texts.js').Texts} texts
   * @param {import('./dialect.js').Endpoints} endpoints
   * @param {Host} host
   */
  constructor(root, texts, endpoints, host) {
    this.root = root;
    this.texts = texts;
    this.endpoints = endpoints;
    this.host = host;
    this.problems = new Problems(this);
    /** @type {Settings} */
    this.settings = /** @type {any} */ (null);
    this.ids = 0;
    this.timer = 0;
    /** @type {() => Promise<void>} */
    this.refresh = async () => {};
    /** Begins anew. */
    this.restart = () => {};
  }

  /** @param {string} key */
  has(key) {
    return Boolean(this.endpoints.dialect.names[key]);
  }

  /** The element of a heading below the title. */
  get subheading() {
    return this.host.heading === 'h1' ? 'h2' : 'h3';
  }

  nextId() {
    this.ids += 1;
    return `api-keys-${this.ids}`;
  }

  now() {
    return this.host.now();
  }

  /**
   * Has assistive technology read a text, and shows it for a moment.
   *
   * @param {string} text
   */
  announce(text) {
    const toast = /** @type {HTMLElement | null} */ (this.root.querySelector('.toast'));
    if (toast) {
      toast.lang = this.texts.tag;
      toast.dir = this.texts.direction;
      toast.textContent = text;
      clearTimeout(this.timer);
      this.timer = window.setTimeout(() => toast.replaceChildren(), TOAST_MILLIS);
    }
  }

  /**
   * Focuses a control by its `data-focus`, or what comes nearest to it.
   *
   * @param {string} name
   */
  focus(name) {
    const control = this.root.querySelector(`[data-focus="${CSS.escape(name)}"]`) ?? this.root.querySelector('.title');
    /** @type {HTMLElement | null} */ (control)?.focus();
  }

  /**
   * Reacts to a call that failed, wherever that was shown.
   *
   * @param {Problem} problem
   */
  noticed(problem) {
    if (problem.kind === 'unauthorized') {
      this.host.emit('unauthorized', {});
    }
    if (problem.kind === 'missing' || problem.kind === 'conflict') {
      this.refresh();
    }
  }

  /**
   * Reacts to a change that failed, wherever that was shown. Without an answer, it may have been made: the list shows it.
   *
   * @param {Problem} problem
   */
  notChanged(problem) {
    this.noticed(problem);
    if (problem.kind === 'slow' || problem.kind === 'offline') {
      this.refresh();
    }
  }

  /**
   * Shows above the list why something did not work.
   *
   * @param {unknown} failure
   */
  failed(failure) {
    const problem = problemOf(failure);
    this.#flash(...this.problems.lines(problem));
    this.notChanged(problem);
  }

  /** @param {...Node} lines */
  #flash(...lines) {
    const flash = this.root.querySelector('.flash');
    if (flash) {
      fill(flash, ...lines);
    }
  }

  /**
   * Tells the application and other tabs that a key has changed.
   *
   * @param {Change} event
   * @param {import('./keys.js').Key} key
   */
  tell(event, key) {
    this.host.emit(event, { id: key.id, name: key.name });
  }

  /**
   * Shows the reader that a key has changed.
   *
   * @param {Change} event
   * @param {import('./keys.js').Key} key
   */
  async confirm(event, key) {
    this.#flash();
    this.announce(this.texts.text(`done.${event}`, { name: key.name }));
    await this.refresh();
  }

  /**
   * Tells everybody.
   *
   * @param {Change} event
   * @param {import('./keys.js').Key} key
   */
  async done(event, key) {
    this.tell(event, key);
    await this.confirm(event, key);
  }
}
