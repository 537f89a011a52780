// @ts-check
// Everybody's keys, for administrators.
import { ICONS, button, fill, h, icon, say } from './dom.js';
import { start } from './actions.js';
import { openBulkRevoke } from './bulk-dialog.js';
import { isLive } from './keys.js';
import { header } from './list-view.js';
import { toolbar } from './toolbar.js';
import { WindowList } from './window-list.js';
import { statusBadge } from './words.js';

/** @typedef {import('./app.js').App} App */
/** @typedef {import('./keys.js').Key} Key */

/** The search, its results, and what is done with those that are selected. */
export class AdminView {
  /**
   * @param {App} app
   * @param {import('./search-results.js').SearchResults} results
   */
  constructor(app, results) {
    this.app = app;
    this.results = results;
    /** @type {Map<string, Key>} */
    this.selected = new Map();
    const { texts } = app;
    this.flash = h('div', { class: 'flash', role: 'alert' });
    this.count = h('p', { class: 'count', role: 'status' });
    this.range = h('p', { class: 'range', 'aria-hidden': 'true' });
    this.bar = h('div', { class: 'selection', role: 'region', 'aria-label': texts.text('admin.table') });
    this.tools = toolbar(app, {
      hint: 'search.hint.admin',
      owner: true,
      search: (query) => (this.window.toTop(), this.selected.clear(), results.search(query)),
    });
    this.window = new WindowList({
      label: texts.text('admin.table'),
      head: tableHead(app),
      row: (index) => this.#row(index),
      shown: (first, last) => this.#shown(first, last),
    });
    this.state = h('div', {});
    const panel = h('div', { class: 'panel', part: 'panel' }, this.tools, h('div', { class: 'counts' }, this.count, this.range), this.bar, this.state, this.window.node);
    this.node = h('div', {}, header(app), this.flash, panel);
    results.addEventListener('change', () => this.#update());
    results.addEventListener('page', () => this.window.fillIn());
  }

  #update() {
    const { results, app } = this;
    const { texts } = app;
    this.#bar();
    say(this.count, results.problem ? '' : texts.text(results.estimated ? 'count.about' : 'count.keys', { count: results.total }));
    this.window.node.hidden = Boolean(results.problem) || results.total === 0;
    this.tools.hidden = Boolean(results.problem);
    fill(this.state, this.#state());
    fill(this.range);
    this.window.show(results.problem ? 0 : results.total);
  }

  #state() {
    const { results, app } = this;
    if (results.problem) {
      return app.problems.state(results.problem, () => app.restart());
    }
    if (results.total > 0) {
      return null;
    }
    const { texts } = app;
    return results.unfiltered
      ? h('div', { class: 'state' }, icon(ICONS.key), h(app.subheading, {}, texts.text('empty.title.admin')), h('p', {}, texts.text('empty.text.admin')))
      : h('div', { class: 'state' }, icon(ICONS.search), h('p', {}, texts.text('filter.none')));
  }

  /**
   * @param {number} first
   * @param {number} last
   */
  #shown(first, last) {
    this.results.need(first, last);
    const { texts } = this.app;
    fill(this.range, texts.text('admin.range', { first: first + 1, last: last + 1, total: this.results.total }));
  }

  /** @param {number} index */
  #row(index) {
    const key = this.results.at(index);
    return key ? this.#keyRow(key) : h('div', { class: 'row waiting', role: 'row' }, h('div', { role: 'cell', class: 'cell-key' }, h('span', { class: 'bone' })));
  }

  /** @param {Key} key */
  #keyRow(key) {
    const { app } = this;
    const { texts } = app;
    const last = key.lastUsedAt ? texts.relative(key.lastUsedAt, app.now()) : texts.text('used.never');
    const end = key.expiresAt ? texts.relative(key.expiresAt, app.now()) : texts.text('expires.never');
    return h(
      'div',
      { class: `row ${key.status}`, role: 'row' },
      h('div', { role: 'cell', class: 'cell-select' }, this.#box(key)),
      h('div', { role: 'cell', class: 'cell-key' }, h('strong', { dir: 'auto', title: key.name }, key.name), h('code', {}, key.identifier)),
      h('div', { role: 'cell', class: 'cell-owner', title: key.owner }, h('bdi', {}, key.owner)),
      h('div', { role: 'cell', class: 'cell-status' }, statusBadge(app, key)),
      h('div', { role: 'cell', class: 'cell-used', title: key.lastUsedAt && texts.moment(key.lastUsedAt) }, h('span', { class: 'narrow' }, texts.text('fact.used'), ': '), last),
      h('div', { role: 'cell', class: 'cell-expires', title: key.expiresAt && texts.moment(key.expiresAt) }, end),
      h('div', { role: 'cell', class: 'cell-actions' }, this.#actions(key)),
    );
  }

  /** @param {Key} key */
  #box(key) {
    const box = h('input', {
      type: 'checkbox',
      'aria-label': this.app.texts.text('admin.select', { name: key.name }),
      'data-focus': `select:${key.id}`,
      disabled: !isLive(key),
      on: { change: () => this.#select(key, box.checked) },
    });
    box.checked = this.selected.has(key.id);
    return box;
  }

  /** @param {Key} key */
  #actions(key) {
    const { app } = this;
    const { texts } = app;
    const one = (/** @type {string} */ action, /** @type {string} */ kind) =>
      button(texts.text(`action.${action}`), () => start(app, key, action), {
        kind,
        'data-focus': `${action}:${key.id}`,
        'aria-label': texts.text('action.of', { action: texts.text(`action.${action}`), name: key.name }),
      });
    return [one('activity', 'quiet'), isLive(key) && one('revoke', 'quiet danger')];
  }

  /**
   * @param {Key} key
   * @param {boolean} wanted
   */
  #select(key, wanted) {
    if (wanted) {
      this.selected.set(key.id, key);
    } else {
      this.selected.delete(key.id);
    }
    this.#bar();
  }

  #bar() {
    const { texts } = this.app;
    const count = this.selected.size;
    const all = button(texts.text('admin.selectall'), () => this.#all(), { 'data-focus': 'selectall' });
    if (count === 0) {
      fill(this.bar, this.results.total > 0 && all);
      return;
    }
    fill(
      this.bar,
      h('p', { role: 'status' }, texts.text('admin.selected', { count })),
      button(texts.text('admin.deselect'), () => this.#none()),
      button(texts.text('admin.revoke', { count }), () => openBulkRevoke(this.app, [...this.selected.values()], () => this.#none()), {
        kind: 'primary danger',
        'data-focus': 'bulk',
      }),
    );
  }

  #all() {
    this.results.loaded.filter(isLive).forEach((key) => this.selected.set(key.id, key));
    this.#update();
    this.app.focus('bulk');
  }

  #none() {
    this.selected.clear();
    this.#update();
    this.app.focus('selectall');
  }
}

/** @param {App} app */
function tableHead(app) {
  const { texts } = app;
  const head = (/** @type {string} */ name, /** @type {string} */ key) => h('div', { role: 'columnheader', class: `cell-${name}` }, key && texts.text(key));
  return h(
    'div',
    { class: 'window-head', role: 'rowgroup' },
    h(
      'div',
      { class: 'row head-row', role: 'row', 'aria-rowindex': '1' },
      h('div', { role: 'columnheader', class: 'cell-select' }, h('span', { class: 'heard' }, texts.text('admin.selectcolumn'))),
      head('key', 'fact.key'),
      head('owner', 'fact.owner'),
      head('status', 'filter.label'),
      head('used', 'fact.used'),
      head('expires', 'fact.expires'),
      h('div', { role: 'columnheader', class: 'cell-actions' }, h('span', { class: 'heard' }, texts.text('admin.actions'))),
    ),
  );
}
