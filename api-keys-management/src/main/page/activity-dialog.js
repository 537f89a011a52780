// @ts-check
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
  dialog.show(
    h('p', {}, texts.text('activity.text')),
    rows,
    foot,
    h('div', { class: 'actions' }, button(texts.text('action.close'), () => dialog.close(), { kind: 'secondary' })),
  );
  await nextPage(app, key, 1, { rows, foot });
}

/**
 * @param {App} app
 * @param {import('./keys.js').Key} key
 * @param {number} page
 * @param {{rows: HTMLElement, foot: HTMLElement}} places
 */
async function nextPage(app, key, page, { rows, foot }) {
  const { texts } = app;
  fill(foot, texts.text('admin.loading'));
  try {
    const { entries, total } = await app.endpoints.audit(key, page);
    rows.append(...entries.map((entry) => row(app, entry)));
    const shown = rows.childElementCount;
    const more = () => nextPage(app, key, page + 1, { rows, foot });
    fill(
      foot,
      total === 0 && texts.text('activity.empty'),
      shown < total && button(texts.text('action.more'), more, { kind: 'secondary' }),
    );
  } catch (failure) {
    const problem = problemOf(failure);
    fill(foot, app.problems.state(problem, () => nextPage(app, key, page, { rows, foot })));
    app.noticed(problem);
  }
}

/**
 * @param {App} app
 * @param {AuditEntry} entry
 */
function row(app, entry) {
  const { texts } = app;
  const reason = entry.reason && texts.word('reason', entry.reason);
  const refused = entry.event === 'auth_failed' || entry.event === 'rate_limited';
  const [relative, full] = when(app, entry.createdAt);
  return h(
    'li',
    { class: refused ? 'refused' : null },
    h('p', { class: 'event' }, h('strong', {}, texts.word('event', entry.event)), reason && ` · ${reason}`),
    h('p', { class: 'more' }, relative, ' · ', full),
    h('p', { class: 'more', dir: 'auto' }, [entry.actor, entry.from, entry.request].filter(Boolean).join(' · ')),
  );
}
