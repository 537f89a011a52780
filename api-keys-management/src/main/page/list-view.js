// @ts-check
// The keys of a user or of an organization.
import { ICONS, button, fill, h, icon, say } from './dom.js';
import { openCreate } from './create-dialog.js';
import { expiresSoon, neverUsed } from './keys.js';
import { keyCard } from './key-card.js';
import { toolbar } from './toolbar.js';

/** @typedef {import('./app.js').App} App */
/** @typedef {import('./keys.js').Key} Key */

/** Shows a list, and again whenever it changes. The tools above it stay, so that nobody is disturbed while typing. */
export class ListView {
  /**
   * @param {App} app
   * @param {import('./key-list.js').KeyList} list
   */
  constructor(app, list) {
    this.app = app;
    this.list = list;
    const { texts } = app;
    this.count = h('p', { class: 'count', role: 'status' });
    this.notices = h('div', {});
    this.flash = h('div', { class: 'flash', role: 'alert' });
    this.tools = toolbar(app, { hint: 'search.hint', search: (query) => list.search(query) });
    this.place = h('div', { class: 'list' });
    this.create = button(texts.text('action.create'), () => openCreate(app), { kind: 'primary', 'data-focus': 'create' });
    this.allowance = h('p', { class: 'allowance' });
    this.node = h(
      'div',
      {},
      header(app, this.allowance, this.create),
      this.flash,
      this.notices,
      h('div', { class: 'panel', part: 'panel' }, this.tools, this.count, this.place),
    );
    list.addEventListener('change', () => this.#update());
  }

  #update() {
    const focused = /** @type {HTMLElement | null} */ (this.app.root.activeElement)?.dataset.focus;
    this.#fill();
    if (focused && !this.app.root.activeElement) {
      this.app.focus(focused);
    }
  }

  #fill() {
    const { app, list } = this;
    const { texts, settings } = app;
    if (list.phase === 'problem' && list.problem) {
      this.tools.hidden = true;
      fill(this.notices);
      fill(this.count);
      fill(this.place, app.problems.state(list.problem, () => app.restart()));
      return;
    }
    const empty = list.total === 0;
    this.tools.hidden = empty && list.unfiltered;
    fill(this.notices, notices(app, list.live));
    fill(this.allowance, settings.maxActiveKeys !== null
      && texts.text('count.active', { active: list.liveTotal, limit: settings.maxActiveKeys }));
    say(this.count, empty ? '' : texts.text('count.keys', { count: list.total }));
    fill(this.place, empty ? this.#nothing() : this.#cards());
  }

  #cards() {
    const { app, list } = this;
    const more = button(app.texts.text('action.more'), () => list.more(), { kind: 'secondary', 'data-focus': 'more' });
    return [
      h('ul', { class: 'cards', role: 'list' }, list.keys.map((key) => keyCard(app, key))),
      list.keys.length < list.total && h('div', { class: 'more-keys' }, more),
    ];
  }

  #nothing() {
    const { texts } = this.app;
    if (!this.list.unfiltered) {
      return h('div', { class: 'state' }, icon(ICONS.search), h('p', { role: 'status' }, texts.text('filter.none')));
    }
    return h(
      'div',
      { class: 'state', part: 'empty' },
      icon(ICONS.key),
      h(this.app.subheading, {}, texts.text('empty.title')),
      h('p', {}, texts.text('empty.text')),
      button(texts.text('action.create'), () => openCreate(this.app), { kind: 'secondary' }),
    );
  }
}

/**
 * Title, explanation, and what belongs to the whole list.
 *
 * @param {App} app
 * @param {...Node} actions
 */
export function header(app, ...actions) {
  const { texts } = app;
  const family = app.settings?.family ?? app.host.family;
  return h(
    'header',
    { class: 'head', part: 'header' },
    h(
      'div',
      { class: 'head-text' },
      h(app.host.heading, { class: 'title', tabindex: '-1', part: 'title' }, texts.text(`title.${family}`)),
      h('p', {}, texts.text(`intro.${family}`)),
    ),
    actions.length > 0 && h('div', { class: 'head-actions' }, actions),
  );
}

/**
 * @param {App} app
 * @param {Key[]} keys
 */
function notices(app, keys) {
  const { texts } = app;
  const now = app.now();
  const ending = keys.filter((key) => expiresSoon(key, now));
  const unused = keys.filter((key) => neverUsed(key, now));
  const lines = [ending.length > 0 && expiring(app, ending), unused.length > 0 && notice(app, 'notice.unused', unused, {})];
  if (!lines.some(Boolean)) {
    return null;
  }
  return h(
    'section',
    { class: 'notice', part: 'notice', 'aria-label': texts.text('notice.title') },
    icon(ICONS.clock),
    h('div', {}, lines),
  );
}

/**
 * @param {App} app
 * @param {Key[]} keys
 */
function expiring(app, keys) {
  const when = app.texts.relative(/** @type {Date} */ (keys[0].expiresAt), app.now());
  return notice(app, 'notice.expiring', keys, { when });
}

/**
 * @param {App} app
 * @param {string} key
 * @param {Key[]} keys
 * @param {Record<string, string>} values
 */
function notice(app, key, keys, values) {
  const names = app.texts.list(keys.map(({ name }) => name));
  return h('p', { dir: 'auto' }, app.texts.text(key, { count: keys.length, name: keys[0].name, names, ...values }));
}
