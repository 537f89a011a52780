// @ts-check
// What proves again who is calling: the password, another field, or something that the application asks for itself.
import { Problem } from './wire.js';
import { textField } from './fields.js';

/** @typedef {import('./app.js').App} App */

/**
 * @param {App} app
 * @returns {import('./dialog.js').Control | null} null where nothing is typed
 */
export function proofField(app) {
  const { proof } = app.settings;
  if (!proof || app.host.prove()) {
    return null;
  }
  const password = proof === 'password';
  return textField(app, {
    label: app.texts.text(password ? 'field.password' : 'field.proof'),
    hint: app.texts.text('field.password.hint'),
    input: { type: 'password', autocomplete: password ? 'current-password' : 'one-time-code' },
  });
}

/**
 * The proof as the body carries it.
 *
 * @param {App} app
 * @param {import('./dialog.js').Control | null} field
 * @param {string} action
 * @returns {Promise<Record<string, string>>}
 */
export async function proofOf(app, field, action) {
  const { proof } = app.settings;
  if (!proof) {
    return {};
  }
  const prove = app.host.prove();
  if (prove) {
    return { [proof]: await asked(prove(action)) };
  }
  return { [proof]: field?.value() ?? '' };
}

/**
 * @param {Promise<string>} proof what the application gives, or does not because the reader has changed their mind
 */
async function asked(proof) {
  try {
    return await proof;
  } catch {
    throw new Problem('unproven');
  }
}

/**
 * The same problem with the proof's field named as forms name it.
 *
 * @param {App} app
 * @param {unknown} failure
 */
export function withProofField(app, failure) {
  const { proof } = app.settings;
  if (!(failure instanceof Problem) || !proof || !(proof in failure.fields)) {
    return failure;
  }
  const { [proof]: code, ...others } = failure.fields;
  return new Problem(failure.kind, { ...failure, fields: { ...others, proof: code } });
}
