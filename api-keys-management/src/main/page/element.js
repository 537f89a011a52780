// @ts-check
// The custom element: what an application sets, and which view that becomes.
import { App } from './app.js';
import { AdminView } from './admin-view.js';
import { Endpoints, settingsOf } from './dialect.js';
import { fill, h } from './dom.js';
import { DIALECTS } from './families.js';
import { KeyList } from './key-list.js';
import { ListView, header } from './list-view.js';
import { SearchResults } from './search-results.js';
import { styles } from './styles.js';
import { Texts, addLanguage, languageTexts } from './texts.js';
import { Wire, problemOf } from './wire.js';

export { addLanguage, languageTexts };

/** @typedef {import('./wire.js').Problem} Problem */

/** @type {Record<string, string>} where the families usually are */
const MOUNTS = {
  personal: '/me/api-keys',
  workspace: '/api/v1/user/api-keys',
  tenant: '/api/api-keys',
  admin: '/api/admin/api-keys',
};

const SLOW_MILLIS = 3_000;
const PATIENCE_SECONDS = 20;

/** Many changes of another tab are one reason to read the list again. */
const GATHER_MILLIS = 150;

/** `<api-keys family="personal" base="/me/api-keys">`: a person's keys, an organization's, or everybody's. */
export class ApiKeysElement extends HTMLElement {
  static observedAttributes = ['base', 'family', 'language'];

  /** @type {import('./texts.js').Language} texts of this element that differ */
  texts = {};

  /** @type {() => Record<string, string> | Promise<Record<string, string>>} headers that each call carries */
  headers = () => ({});

  /** @type {((action: string) => Promise<string>) | null} gives the proof where nothing is to be typed */
  prove = null;

  /** @type {() => number} milliseconds */
  now = () => Date.now();

  #root = this.attachShadow({ mode: 'open' });

  /** @type {AbortController | null} ends what listens outside the element */
  #life = null;

  /** @type {BroadcastChannel | null} */
  #tabs = null;

  /** @type {KeyList | SearchResults | null} */
  #model = null;

  #attempt = 0;

  #timer = 0;

  /** The time zone in which times are shown. */
  #zone = '';

  connectedCallback() {
    this.#root.adoptedStyleSheets = [styles()];
    this.#root.append(h('div', { class: 'main' }), h('div', { class: 'toast', role: 'status', part: 'toast' }));
    this.#life = new AbortController();
    const { signal } = this.#life;
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && this.refresh(), { signal });
    window.addEventListener('pageshow', (event) => event.persisted && this.refresh(), { signal });
    window.addEventListener('online', () => this.#model?.problem && this.reload(), { signal });
    this.#tabs = new BroadcastChannel('api-keys');
    this.#tabs.addEventListener('message', (event) => event.data === this.base && this.#refreshSoon());
    queueMicrotask(() => this.isConnected && this.reload()); // After a framework has set its properties.
  }

  disconnectedCallback() {
    this.#attempt += 1;
    clearTimeout(this.#timer);
    this.#life?.abort();
    this.#tabs?.close();
    this.#tabs = null;
    this.#model = null;
    this.#root.replaceChildren();
  }

  /**
   * @param {string} name
   * @param {string | null} before
   * @param {string | null} after
   */
  attributeChangedCallback(name, before, after) {
    if (this.isConnected && this.#attempt > 0 && before !== after) {
      this.reload();
    }
  }

  /** Where the endpoints are mounted. */
  get base() {
    return this.getAttribute('base') ?? MOUNTS[this.getAttribute('family') ?? 'personal'] ?? MOUNTS.personal;
  }

  set base(path) {
    this.setAttribute('base', path);
  }

  get family() {
    return this.getAttribute('family') ?? '';
  }

  set family(name) {
    this.setAttribute('family', name);
  }

  /** Reads the keys again. What is seen stays until they are there. */
  async refresh() {
    await (this.#zone === zone() ? this.#model?.refresh() : this.reload());
  }

  #refreshSoon() {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.refresh(), GATHER_MILLIS);
  }

  /** Begins anew, with settings and keys. */
  async reload() {
    this.#attempt += 1;
    const attempt = this.#attempt;
    this.#zone = zone();
    const texts = new Texts(this.#language(), this.texts);
    const wire = this.#wire();
    const app = this.#app(texts, wire, DIALECTS.personal);
    this.#model = null;
    this.#showLoading(app, attempt);
    try {
      const settings = await settingsOf(wire);
      if (attempt === this.#attempt) {
        await this.#open(texts, wire, settings);
      }
    } catch (failure) {
      if (attempt === this.#attempt) {
        this.#fail(app, problemOf(failure));
      }
    }
  }

  /** The element's own language, else the page's, else the browser's. */
  #language() {
    const own = this.getAttribute('language');
    return (own === 'auto' ? '' : (own ?? this.closest('[lang]')?.getAttribute('lang'))) || navigator.language;
  }

  #wire() {
    const credentials = /** @type {RequestCredentials} */ (this.getAttribute('credentials') ?? 'same-origin');
    const patience = Number(this.getAttribute('timeout')) || PATIENCE_SECONDS;
    return new Wire({ base: this.base, credentials, headers: () => this.headers(), patience: patience * 1_000 });
  }

  /**
   * @param {Texts} texts
   * @param {Wire} wire
   * @param {import('./dialect.js').Dialect} dialect
   */
  #app(texts, wire, dialect) {
    const origin = new URL(this.base, document.baseURI).origin;
    const app = new App(this.#root, texts, new Endpoints(dialect, wire), {
      signal: /** @type {AbortController} */ (this.#life).signal,
      family: this.family in MOUNTS ? this.family : 'any',
      now: () => this.now(),
      prove: () => this.prove,
      heading: this.getAttribute('heading') ?? 'h2',
      apiUrl: this.getAttribute('api-url') ?? `${origin}/`,
      mcpUrl: this.getAttribute('mcp-url') ?? `${origin}/mcp`,
      emit: (name, detail) => this.#emit(name, detail),
    });
    app.refresh = () => this.refresh();
    app.restart = () => this.reload();
    return app;
  }

  /**
   * @param {string} name
   * @param {object} detail
   */
  #emit(name, detail) {
    if (!['unauthorized', 'failed', 'loaded'].includes(name)) {
      this.#tabs?.postMessage(this.base);
    }
    return this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true, cancelable: true }));
  }

  /**
   * @param {Texts} texts
   * @param {Wire} wire
   * @param {import('./keys.js').Settings} settings
   */
  async #open(texts, wire, settings) {
    const app = this.#app(texts, wire, DIALECTS[settings.family]);
    app.settings = settings;
    const admin = settings.family === 'admin';
    const model = admin ? new SearchResults(app.endpoints) : new KeyList(app.endpoints);
    this.#model = model;
    // Before the view listens: it changes only what is shown, and not what the application takes care of itself.
    model.addEventListener('change', (event) => {
      if (this.#model !== model || (model.problem?.kind === 'unauthorized' && this.#unauthorized())) {
        event.stopImmediatePropagation();
      } else if (!view.node.isConnected) {
        this.#show(texts, view.node);
      }
    });
    const view = admin ? new AdminView(app, /** @type {any} */ (model)) : new ListView(app, /** @type {any} */ (model));
    await model.refresh();
    if (this.#model === model && !model.problem) {
      this.#emit('loaded', { family: settings.family });
    }
  }

  /** @returns {boolean} whether the application takes care itself */
  #unauthorized() {
    return !this.#emit('unauthorized', {});
  }

  /**
   * @param {App} app
   * @param {Problem} problem
   */
  #fail(app, problem) {
    this.#model = /** @type {any} */ ({ problem, refresh: () => this.reload() });
    if (problem.kind === 'unauthorized' && this.#unauthorized()) {
      return;
    }
    this.#emit('failed', { kind: problem.kind, status: problem.status });
    const state = app.problems.state(problem, () => this.reload());
    this.#show(app.texts, h('div', {}, header(app), h('div', { class: 'panel', part: 'panel' }, state)));
  }

  /**
   * @param {App} app
   * @param {number} attempt
   */
  #showLoading(app, attempt) {
    const { texts } = app;
    const phase = h('p', { class: 'phase', role: 'status' }, texts.text('phase.loading'));
    const bones = h('div', { class: 'bones', 'aria-hidden': 'true' }, Array.from({ length: 6 }, () => h('span', { class: 'bone' })));
    const panel = h('div', { class: 'panel', part: 'panel', 'aria-busy': 'true' }, bones, phase);
    this.#show(texts, h('div', {}, header(app), panel));
    setTimeout(() => attempt === this.#attempt && phase.isConnected && fill(phase, texts.text('phase.slow')), SLOW_MILLIS);
  }

  /**
   * Replaces what is seen, but no dialog: it may hold what somebody types, or a token. Whoever was in what is replaced
   * goes on from its title, or from what can be tried again.
   *
   * @param {Texts} texts
   * @param {Node} content
   */
  #show(texts, content) {
    const main = /** @type {HTMLElement} */ (this.#root.querySelector('.main'));
    const focused = main.contains(this.#root.activeElement);
    main.lang = texts.tag;
    main.dir = texts.direction;
    fill(main, content);
    if (focused) {
      /** @type {HTMLElement | null} */ (main.querySelector('[data-focus="retry"]') ?? main.querySelector('.title'))?.focus();
    }
  }
}

function zone() {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

if (!customElements.get('api-keys')) {
  customElements.define('api-keys', ApiKeysElement);
}
