// @ts-check
import { compose, h } from './dom.js';
import { Dialog, Form } from './dialog.js';
import { textField } from './fields.js';
import { usedLately } from './keys.js';
import { Problem } from './wire.js';

/** @typedef {import('./app.js').App} App */

/**
 * Asks before a key is revoked; for a key that was used lately its name must be typed.
 *
 * @param {App} app
 * @param {import('./keys.js').Key} key
 */
export function openRevoke(app, key) {
  const { texts } = app;
  const recent = usedLately(key, app.now());
  const dialog = new Dialog(app, { title: texts.text('revoke.title', { name: key.name }), from: `revoke:${key.id}` });
  const controls = {
    confirm: recent
      ? textField(app, {
          label: texts.text('revoke.confirm', { name: key.name }),
          input: { autofocus: true, dir: 'auto' },
        })
      : null,
  };
  const form = new Form(app, controls, {
    submit: texts.text('revoke.submit'),
    kind: 'primary danger',
    cancel: () => dialog.close(),
    send: async () => {
      if (controls.confirm && seen(controls.confirm.value()) !== seen(key.name)) {
        throw new Problem('invalid', { fields: { confirm: 'confirm' } });
      }
      await app.endpoints.revoke(key);
      dialog.close();
      await app.done('revoked', key);
      app.focus(`activity:${key.id}`);
    },
  });
  dialog.show(
    h('p', {}, consequence(app, 1)),
    h('p', {}, h('strong', {}, texts.text('revoke.final'))),
    recent && h('p', { class: 'caution' }, recentText(app, key)),
    form.node,
  );
}

/**
 * A text as people see it: no difference between several blanks and one, between a letter with its accent and both, and
 * nothing that can't be seen.
 *
 * @param {string} text
 */
function seen(text) {
  return text.normalize('NFC').replace(/\p{Cf}/gu, '').replace(/\s+/gu, ' ').trim();
}

/**
 * @param {App} app
 * @param {number} keys how many are revoked
 */
export function consequence(app, keys) {
  const count = Math.ceil(app.settings.revokedWithinSeconds);
  return app.texts.text(keys === 1 ? 'revoke.text' : 'bulk.text', { count });
}

/**
 * @param {App} app
 * @param {import('./keys.js').Key} key
 */
function recentText(app, key) {
  const when = app.texts.relative(/** @type {Date} */ (key.lastUsedAt), app.now());
  return compose(app.texts.text('revoke.recent'), { when });
}
