// @ts-check
// One key of a list.
import { button, h } from './dom.js';
import { isLive } from './keys.js';
import { allowedActions, start } from './actions.js';
import { agentsText, grantText, statusBadge, used, when } from './words.js';

const FEW = 6;

/** @typedef {import('./app.js').App} App */
/** @typedef {import('./keys.js').Key} Key */

/**
 * @param {App} app
 * @param {Key} key
 */
export function keyCard(app, key) {
  const id = app.nextId();
  return h(
    'li',
    { class: `card ${key.status}`, part: 'key' },
    h(
      'article',
      { 'aria-labelledby': id },
      h(
        'div',
        { class: 'card-head' },
        h('div', { class: 'card-name' }, h(app.subheading, { id, dir: 'auto' }, key.name), statusBadge(app, key)),
        h('code', { class: 'identifier', 'aria-label': app.texts.text('identifier.label', { identifier: key.identifier }) }, key.identifier),
      ),
      facts(app, key),
      key.status === 'paused' && h('p', { class: 'remark' }, app.texts.text('pause.text')),
      key.reconnect && isLive(key) && h('p', { class: 'remark' }, app.texts.text('agents.reconnect')),
      h('div', { class: 'card-actions' }, allowedActions(app, key).map((action) => actionButton(app, key, action))),
    ),
  );
}

/**
 * @param {App} app
 * @param {Key} key
 * @param {string} action
 */
function actionButton(app, key, action) {
  const { texts } = app;
  const text = texts.text(`action.${action}`);
  return button(text, () => start(app, key, action), {
    kind: action === 'revoke' ? 'quiet danger' : 'quiet',
    'data-focus': `${action}:${key.id}`,
    'aria-label': texts.text('action.of', { action: text, name: key.name }),
  });
}

/**
 * @param {App} app
 * @param {Key} key
 */
function facts(app, key) {
  const { texts } = app;
  return h(
    'dl',
    { class: 'facts' },
    fact(texts.text('fact.access'), grantText(app, key), grantDetails(app, key)),
    fact(texts.text('fact.created'), ...when(app, key.createdAt)),
    fact(texts.text('fact.used'), ...used(app, key)),
    ended(app, key),
    key.allowedFrom.length > 0 && fact(texts.text('fact.from'), texts.list(key.allowedFrom)),
    key.policy && fact(texts.text('fact.agents'), agentsText(app, key)),
  );
}

/**
 * @param {string} name
 * @param {string} value
 * @param {string | Node | null} [more]
 */
function fact(name, value, more) {
  return h('div', { class: 'fact' }, h('dt', {}, name), h('dd', {}, value, more && h('span', { class: 'more' }, more)));
}

/**
 * @param {App} app
 * @param {Key} key
 */
function ended(app, key) {
  const { texts } = app;
  if (key.revokedAt) {
    return fact(texts.text('fact.revoked'), ...when(app, key.revokedAt));
  }
  const name = texts.text(key.status === 'expired' ? 'fact.expired' : 'fact.expires');
  return key.expiresAt ? fact(name, ...when(app, key.expiresAt)) : fact(name, texts.text('expires.never'));
}

/**
 * The scopes one by one; many of them only for those who want to see them.
 *
 * @param {App} app
 * @param {Key} key
 */
function grantDetails(app, key) {
  const scopes = key.scopes ?? [];
  if (scopes.length <= FEW) {
    return scopes.join(', ');
  }
  return h('details', {}, h('summary', {}, app.texts.text('grant.show')), scopes.join(', '));
}
