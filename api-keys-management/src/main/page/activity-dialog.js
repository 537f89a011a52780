// @ts-check
import { AUDIT_PAGE } from './dialect.js';
import { button, fill, h } from './dom.js';
import { Dialog } from './dialog.js';
import { problemOf } from './wire.js';
import { when } from './words.js';

/** @typedef {import('./app.js').App} App */
/** @typedef {import('./keys.js').AuditEntry} AuditEntry */

/**
 * The audit trail of a key, newest first, a page at a time.
 *
 * @param {App} app
 * @param {import('./keys.js').Key} key
 */
export async function openActivity(app, key) {
  const { texts } = app;
  const dialog = new Dialog(app, {
    title: texts.text('activity.title', { name: key.name }),
    wide: true,
    from: `activity:${key.id}`,
  });
  const rows = h('ol', { class: 'trail' });
  const foot = h('div', { class: 'trail-foot', role: 'status' });
  const close = button(texts.text('action.close'), () => dialog.close(), { kind: 'secondary' });
  dialog.show(h('p', {}, texts.text('activity.text')), rows, foot, h('div', { class: 'actions' }, close));
  await nextPage(app, key, 1, { rows, foot, close });
}

/**
 * @typedef {object} Places
 * @property {HTMLElement} rows
 * @property {HTMLElement} foot
 * @property {HTMLElement} close
 */

/**
 * Adds a page. What happens meanwhile moves entries to later pages: those that are shown already are left out.
 *
 * @param {App} app
 * @param {import('./keys.js').Key} key
 * @param {number} page
 * @param {Places} places
 */
async function nextPage(app, key, page, places) {
  const { rows, foot } = places;
  const { texts } = app;
  const focused = foot.contains(app.root.activeElement);
  const next = (/** @type {number} */ number) => nextPage(app, key, number, places);
  fill(foot, texts.text('admin.loading'));
  try {
    const { entries, total } = await app.endpoints.audit(key, page);
    const shown = new Set(Array.from(rows.children, (/** @type {any} */ row) => row.dataset.entry));
    rows.append(...entries.filter(({ id }) => !shown.has(id)).map((entry) => row(app, entry)));
    const more = page * AUDIT_PAGE < total;
    fill(
      foot,
      total === 0 && texts.text('activity.empty'),
      more && button(texts.text('action.more'), () => next(page + 1), { kind: 'secondary' }),
    );
  } catch (failure) {
    const problem = problemOf(failure);
    fill(foot, app.problems.state(problem, () => next(page)));
    app.noticed(problem);
  }
  if (focused && !app.root.activeElement) {
    /** @type {HTMLElement} */ (foot.querySelector('button') ?? places.close).focus();
  }
}

/**
 * @param {App} app
 * @param {AuditEntry} entry
 */
function row(app, entry) {
  const { texts } = app;
  const { event, reason } = told(texts, entry);
  const refused = ['auth_failed', 'rate_limited', 'mcp_denied'].includes(entry.event);
  const [relative, full] = when(app, entry.createdAt);
  return h(
    'li',
    { class: refused ? 'refused' : null, 'data-entry': entry.id },
    h('p', { class: 'event' }, h('strong', {}, event), reason && ` · ${reason}`),
    h('p', { class: 'more' }, relative, ' · ', full),
    h('p', { class: 'more', dir: 'auto' }, [entry.actor, entry.from, entry.request].filter(Boolean).join(' · ')),
  );
}

/**
 * Only rejections have words of ours as their reason; others are shown as somebody wrote them. A pause is a change by its
 * event, and a pause by its reason.
 *
 * @param {import('./texts.js').Texts} texts
 * @param {AuditEntry} entry
 */
function told(texts, { event, reason }) {
  if (event === 'updated' && (reason === 'paused' || reason === 'resumed')) {
    return { event: texts.word('event', reason), reason: null };
  }
  return { event: texts.word('event', event), reason: event === 'auth_failed' && reason ? texts.word('reason', reason) : reason };
}
