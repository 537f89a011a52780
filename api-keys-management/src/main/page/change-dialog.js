// @ts-check
import { h } from './dom.js';
import { Dialog, Form } from './dialog.js';
import { addressesField, checked, modeField, nameField, scopesField } from './create-dialog.js';
import { expiryField } from './expiry-field.js';
import { proofField, proofOf, withProofField } from './proof-field.js';

/** @typedef {import('./app.js').App} App */
/** @typedef {import('./keys.js').Key} Key */

/**
 * @param {App} app
 * @param {Key} key
 */
export async function openChange(app, key) {
  const { texts } = app;
  const dialog = new Dialog(app, { title: texts.text('change.title', { name: key.name }), from: `change:${key.id}` });
  dialog.show(h('p', { role: 'status' }, texts.text('admin.loading')));
  try {
    const groups = app.settings.grant === 'scopes' ? await app.endpoints.scopes(key) : [];
    dialog.show(changeForm(app, dialog, key, groups).node);
  } catch (failure) {
    dialog.fail(/** @type {any} */ (failure), () => (dialog.close(), openChange(app, key)));
  }
}

/**
 * The proof is asked for only after the server said that the change needs one.
 *
 * @param {App} app
 * @param {Dialog} dialog
 * @param {Key} key
 * @param {import('./keys.js').ScopeGroup[]} groups
 */
function changeForm(app, dialog, key, groups) {
  const proof = proofField(app);
  proof?.node.toggleAttribute('hidden', true);
  const controls = {
    name: nameField(app, key.name),
    mode: key.mode ? modeField(app, key.mode) : null,
    scopes: key.scopes ? scopesField(app, withOwn(groups, key.scopes), key.scopes) : null,
    expiresAt: expiryField(app, key.expiresAt),
    allowedFrom: addressesField(app, key.allowedFrom),
    proof: proof && { ...proof, fail: (/** @type {string} */ text) => reveal(proof, text) },
  };
  return new Form(app, controls, {
    submit: app.texts.text('action.save'),
    cancel: () => dialog.close(),
    send: async () => {
      const asked = proof && !proof.node.hasAttribute('hidden');
      const draft = changes(key, checked({ ...controls, proof: asked ? proof : null }));
      const changed = await sent(app, key, { ...draft, proof: asked ? await proofOf(app, proof, 'change') : {} });
      dialog.close();
      await app.done('changed', changed);
      app.focus(`change:${key.id}`);
    },
  });
}

/**
 * Tells what is wrong with the proof, and shows its field if it was not asked for before.
 *
 * @param {import('./dialog.js').Control} proof
 * @param {string} text
 */
export function reveal(proof, text) {
  if (text) {
    proof.node.toggleAttribute('hidden', false);
  }
  proof.fail(text);
}

/**
 * Sends a change. Where the application gives the proof itself, it does so once the server has asked for it.
 *
 * @param {App} app
 * @param {Key} key
 * @param {import('./keys.js').Draft} draft
 */
export async function sent(app, key, draft) {
  try {
    return await app.endpoints.change(key, draft);
  } catch (failure) {
    const problem = /** @type {any} */ (withProofField(app, failure));
    if (app.host.prove() && problem.fields?.proof === 'required') {
      return app.endpoints.change(key, { ...draft, proof: await proofOf(app, null, 'change') });
    }
    throw problem;
  }
}

/**
 * Only what differs, so that what somebody else changed meanwhile is kept.
 *
 * @param {Key} key
 * @param {import('./keys.js').Draft} draft
 */
function changes(key, draft) {
  const { name, mode, scopes, allowedFrom, ...expiry } = draft;
  return {
    ...expiry,
    ...(name === key.name ? {} : { name }),
    ...(mode === undefined || mode === key.mode ? {} : { mode }),
    ...(scopes === undefined || same(scopes, key.scopes ?? []) ? {} : { scopes }),
    ...(same(allowedFrom ?? [], key.allowedFrom) ? {} : { allowedFrom }),
  };
}

/**
 * @param {string[]} one
 * @param {string[]} other
 */
function same(one, other) {
  return one.length === other.length && one.every((value) => other.includes(value));
}

/**
 * Scopes that the key has and the reader may not grant stay choosable: else saving would take them away unseen.
 *
 * @param {import('./keys.js').ScopeGroup[]} groups
 * @param {string[]} scopes
 */
function withOwn(groups, scopes) {
  const known = groups.flatMap(({ resource, actions }) => actions.map((action) => `${action}:${resource}`));
  const others = scopes.filter((scope) => !known.includes(scope));
  return [
    ...groups,
    ...others.map((scope) => {
      const [action, resource = ''] = scope.split(/:(.*)/);
      return { resource, actions: [action] };
    }),
  ];
}
