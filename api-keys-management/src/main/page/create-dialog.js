// @ts-check
import { h } from './dom.js';
import { Dialog, Form } from './dialog.js';
import { checkField, checksField, choiceField, linesField, textField } from './fields.js';
import { expiryField } from './expiry-field.js';
import { proofField, proofOf, withProofField } from './proof-field.js';
import { openToken } from './token-dialog.js';
import { Problem } from './wire.js';

/** @typedef {import('./app.js').App} App */

/** @param {App} app */
export async function openCreate(app) {
  const { texts } = app;
  const dialog = new Dialog(app, { title: texts.text('create.title'), from: 'create' });
  dialog.show(h('p', { role: 'status' }, texts.text('admin.loading')));
  try {
    const groups = app.settings.grant === 'scopes' ? await app.endpoints.scopes() : [];
    dialog.show(createForm(app, dialog, groups).node);
  } catch (failure) {
    dialog.fail(/** @type {any} */ (failure), () => (dialog.close(), openCreate(app)));
  }
}

/**
 * @param {App} app
 * @param {Dialog} dialog
 * @param {import('./keys.js').ScopeGroup[]} groups
 */
function createForm(app, dialog, groups) {
  const { texts } = app;
  const controls = {
    name: nameField(app, ''),
    mode: app.settings.grant === 'mode' ? modeField(app, 'read') : null,
    scopes: app.settings.grant === 'scopes' ? scopesField(app, groups, []) : null,
    expiresAt: expiryField(app),
    allowedFrom: addressesField(app, []),
    selfRevoke: app.has('selfRevoke')
      ? checkField(app, { label: texts.text('field.self'), hint: texts.text('field.self.hint'), value: false })
      : null,
    proof: proofField(app),
  };
  return new Form(app, controls, {
    submit: texts.text('action.create'),
    cancel: () => dialog.close(),
    send: async () => {
      const draft = checked(controls);
      const issued = await created(app, { ...draft, proof: await proofOf(app, controls.proof, 'create') });
      app.tell('created', issued.key);
      dialog.close();
      await openToken(app, issued, texts.text('token.title'));
      await app.confirm('created', issued.key);
    },
  });
}

/**
 * @param {App} app
 * @param {import('./keys.js').Draft} draft
 */
async function created(app, draft) {
  try {
    return await app.endpoints.create(draft);
  } catch (failure) {
    throw withProofField(app, failure);
  }
}

/**
 * What was entered, as a draft. What can be told here is told before anything is sent.
 *
 * @param {Record<string, import('./dialog.js').Control | null>} controls
 * @returns {import('./keys.js').Draft}
 */
export function checked(controls) {
  /** @type {Record<string, string>} */
  const wrong = {};
  const name = controls.name?.value().trim();
  const expiry = controls.expiresAt?.value();
  if (!name) {
    wrong.name = 'required';
  }
  if (expiry === null) {
    wrong.expiresAt = 'past';
  }
  if (controls.proof && controls.proof.value() === '') {
    wrong.proof = 'required';
  }
  if (Object.keys(wrong).length > 0) {
    throw new Problem('invalid', { fields: wrong });
  }
  return {
    name,
    mode: controls.mode?.value(),
    scopes: controls.scopes?.value(),
    allowedFrom: controls.allowedFrom?.value(),
    selfRevoke: controls.selfRevoke?.value(),
    ...expiry,
  };
}

/**
 * @param {App} app
 * @param {string} value
 */
export function nameField(app, value) {
  return textField(app, {
    label: app.texts.text('field.name'),
    hint: app.texts.text('field.name.hint'),
    value,
    input: { maxlength: 255, required: true, autofocus: true, dir: 'auto' },
  });
}

/**
 * @param {App} app
 * @param {string} value
 */
export function modeField(app, value) {
  const { texts } = app;
  return choiceField(app, {
    label: texts.text('field.mode'),
    value,
    choices: ['read', 'write'].map((mode) => ({
      value: mode,
      label: texts.text(`mode.${mode}`),
      hint: texts.text(`mode.${mode}.hint`),
    })),
  });
}

/**
 * @param {App} app
 * @param {import('./keys.js').ScopeGroup[]} groups
 * @param {string[]} values
 */
export function scopesField(app, groups, values) {
  const { texts } = app;
  return checksField(app, {
    label: texts.text('field.scopes'),
    hint: texts.text(groups.length === 0 ? 'field.scopes.none' : 'field.scopes.hint'),
    values,
    groups: groups.map(({ resource, actions }) => ({
      label: resource,
      choices: actions.map((action) => ({ value: `${action}:${resource}`, label: action })),
    })),
  });
}

/**
 * @param {App} app
 * @param {string[]} values
 */
export function addressesField(app, values) {
  const field = linesField(app, {
    label: app.texts.text('field.from'),
    hint: app.texts.text('field.from.hint'),
    values,
    input: { rows: 2 },
  });
  return { ...field, meanings: { invalid: 'addresses' } };
}
