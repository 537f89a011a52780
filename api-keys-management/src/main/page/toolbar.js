// @ts-check
import { ICONS, h, icon } from './dom.js';

/** @typedef {import('./app.js').App} App */

const TYPING_MILLIS = 200;
const STATUSES = ['active', 'paused', 'expired', 'revoked'];

/**
 * Search and status above a list. Searching begins when the reader stops typing for a moment.
 *
 * @param {App} app
 * @param {{hint: string, search: (query: {search?: string, status?: string, owner?: string}) => unknown, owner?: boolean}} how
 */
export function toolbar(app, { hint, search, owner = false }) {
  const { texts } = app;
  const ids = [app.nextId(), app.nextId(), app.nextId()];
  const box = searchBox(app, ids[0], texts.text(hint), (text) => search({ search: text }));
  const status = h(
    'select',
    { id: ids[1], part: 'input', on: { change: () => search({ status: status.value }) } },
    h('option', { value: '' }, texts.text(revokedStay(app) ? 'filter.all' : 'filter.unrevoked')),
    STATUSES.map((value) => h('option', { value }, texts.text(`status.${value}`))),
  );
  return h(
    'search',
    { class: 'toolbar', part: 'toolbar' },
    h('div', { class: 'grow' }, h('label', { for: ids[0] }, texts.text('search.label')), box),
    owner && ownerBox(app, ids[2], (text) => search({ owner: text })),
    h('div', {}, h('label', { for: ids[1] }, texts.text('filter.label')), status),
  );
}

/**
 * @param {App} app
 * @param {string} id
 * @param {string} placeholder
 * @param {(text: string) => unknown} search
 */
function searchBox(app, id, placeholder, search) {
  return h('div', { class: 'search' }, icon(ICONS.search), typed(app, { id, type: 'search', placeholder }, search));
}

/**
 * @param {App} app
 * @param {string} id
 * @param {(text: string) => unknown} search
 */
function ownerBox(app, id, search) {
  const { texts } = app;
  const box = typed(app, { id, type: 'search', placeholder: texts.text('admin.owner.hint') }, search);
  return h('div', { class: 'grow' }, h('label', { for: id }, texts.text('admin.owner')), box);
}

/**
 * @param {App} app
 * @param {Record<string, unknown>} properties
 * @param {(text: string) => unknown} search
 */
function typed(app, properties, search) {
  let timer = 0;
  const input = h('input', {
    part: 'input',
    autocomplete: 'off',
    spellcheck: 'false',
    maxlength: 255,
    ...properties,
    on: {
      input: () => {
        clearTimeout(timer);
        timer = window.setTimeout(() => search(input.value.trim()), TYPING_MILLIS);
      },
    },
  });
  return input;
}

/**
 * Organizations and administrators see revoked keys only where they ask for them.
 *
 * @param {App} app
 */
function revokedStay(app) {
  return app.settings.family === 'personal' || app.settings.family === 'workspace';
}
