// @ts-check
// What can be done with a key, and where that begins.
import { isLive } from './keys.js';
import { openActivity } from './activity-dialog.js';
import { openAgents } from './agents-dialog.js';
import { openChange } from './change-dialog.js';
import { openRevoke } from './revoke-dialog.js';
import { openRotate } from './rotate-dialog.js';

/** @typedef {import('./app.js').App} App */
/** @typedef {import('./keys.js').Key} Key */

/** @type {Record<string, (app: App, key: Key) => unknown>} */
const ACTIONS = {
  rotate: openRotate,
  change: openChange,
  pause: (app, key) => step(app, key, 'pause'),
  resume: (app, key) => step(app, key, 'resume'),
  agents: openAgents,
  activity: openActivity,
  revoke: openRevoke,
};

/**
 * In the order in which they are shown.
 *
 * @param {App} app
 * @param {Key} key
 */
export function allowedActions(app, key) {
  if (!isLive(key)) {
    return ['activity'];
  }
  if (app.settings.family === 'admin') {
    return ['activity', 'revoke'];
  }
  const pausing = key.status === 'paused' ? 'resume' : 'pause';
  return ['rotate', 'change', pausing, ...(key.policy ? ['agents'] : []), 'activity', 'revoke'];
}

/**
 * @param {App} app
 * @param {Key} key
 * @param {string} action
 */
export function start(app, key, action) {
  return ACTIONS[action](app, key);
}

/**
 * @param {App} app
 * @param {Key} key
 * @param {'pause' | 'resume'} what
 */
async function step(app, key, what) {
  try {
    const changed = await app.endpoints.step(key, what);
    await app.done(what === 'pause' ? 'paused' : 'resumed', changed);
    app.focus(`${what === 'pause' ? 'resume' : 'pause'}:${key.id}`);
  } catch (failure) {
    app.failed(failure);
  }
}
