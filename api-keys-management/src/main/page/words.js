// @ts-check
// What is said of a key in more than one place.
import { h } from './dom.js';
import { policyOf } from './keys.js';

/** @typedef {import('./app.js').App} App */
/** @typedef {import('./keys.js').Key} Key */

/**
 * @param {App} app
 * @param {Key} key
 */
export function statusBadge(app, key) {
  return h('span', { class: `badge ${key.status}`, part: 'status' }, app.texts.word('status', key.status));
}

/**
 * A time relative to now, and in full.
 *
 * @param {App} app
 * @param {Date} time
 * @returns {[string, Node]}
 */
export function when(app, time) {
  return [
    app.texts.relative(time, app.now()),
    h('time', { datetime: time.toISOString() }, app.texts.moment(time)),
  ];
}

/**
 * @param {App} app
 * @param {Key} key
 * @returns {[string, (string | Node)?]}
 */
export function used(app, key) {
  const { texts } = app;
  if (!key.lastUsedAt) {
    return [texts.text('used.never')];
  }
  const [relative, full] = when(app, key.lastUsedAt);
  if (!key.lastUsedFrom) {
    return [relative, full];
  }
  const from = texts.text('used.from', { time: texts.moment(key.lastUsedAt), address: key.lastUsedFrom });
  return [relative, h('time', { datetime: key.lastUsedAt.toISOString() }, from)];
}

/**
 * What a key may do, in words.
 *
 * @param {App} app
 * @param {Key} key
 */
export function grantText(app, key) {
  if (key.mode) {
    return app.texts.word('mode', key.mode);
  }
  const scopes = key.scopes ?? [];
  return scopes.length === 0 ? app.texts.text('grant.nothing') : app.texts.text('grant.scopes', { count: scopes.length });
}

/**
 * @param {App} app
 * @param {Key} key
 */
export function agentsText(app, key) {
  const policy = policyOf(key);
  const preset = app.texts.word('preset', policy.mcpPreset);
  return policy.mcpActive ? preset : `${preset} · ${app.texts.text('agents.summary.paused')}`;
}
