// @ts-check
import { h } from './dom.js';
import { Dialog, Form } from './dialog.js';
import { selectField } from './fields.js';
import { proofField, proofOf, withProofField } from './proof-field.js';
import { openToken } from './token-dialog.js';
import { Problem } from './wire.js';

/** @typedef {import('./app.js').App} App */

const HOUR_SECONDS = 3600;
const GRACES = [0, 1, 24, 72, 168];

/**
 * @param {App} app
 * @param {import('./keys.js').Key} key
 */
export function openRotate(app, key) {
  const { texts } = app;
  const dialog = new Dialog(app, { title: texts.text('rotate.title', { name: key.name }), from: `rotate:${key.id}` });
  const controls = { graceHours: graceField(app), proof: proofField(app) };
  const form = new Form(app, controls, {
    submit: texts.text('action.rotate'),
    cancel: () => dialog.close(),
    send: async () => {
      const issued = await rotated(app, key, controls);
      app.tell('rotated', issued.key);
      dialog.close();
      await openToken(app, issued, texts.text('token.title.rotated'));
      await app.confirm('rotated', issued.key);
      app.focus(`rotate:${key.id}`);
    },
  });
  dialog.show(h('p', {}, texts.text('rotate.text')), form.node);
}

/**
 * @param {App} app
 * @param {import('./keys.js').Key} key
 * @param {Record<string, import('./dialog.js').Control | null>} controls
 */
async function rotated(app, key, controls) {
  if (controls.proof && controls.proof.value() === '') {
    throw new Problem('invalid', { fields: { proof: 'required' } });
  }
  const proof = await proofOf(app, controls.proof, 'rotate');
  try {
    return await app.endpoints.rotate(key, { graceHours: controls.graceHours?.value(), proof });
  } catch (failure) {
    throw withProofField(app, failure);
  }
}

/**
 * Its value is a number of hours; undefined for the usual grace where that is no whole number of hours.
 *
 * @param {App} app
 * @returns {import('./dialog.js').Control}
 */
function graceField(app) {
  const { texts, settings } = app;
  const usual = settings.defaultGraceSeconds;
  const seconds = [...new Set([...GRACES.map((hours) => hours * HOUR_SECONDS), usual])]
    .filter((count) => count <= settings.maxGraceSeconds)
    .sort((one, other) => one - other);
  const field = selectField(app, {
    label: texts.text('field.grace'),
    hint: texts.text('rotate.leak'),
    value: String(usual),
    choices: seconds.map((count) => ({ value: String(count), label: graceText(texts, count) })),
  });
  const hours = () => Number(field.value()) / HOUR_SECONDS;
  return { ...field, value: () => (Number.isInteger(hours()) ? hours() : undefined) };
}

/**
 * @param {import('./texts.js').Texts} texts
 * @param {number} seconds
 */
function graceText(texts, seconds) {
  const hours = seconds / HOUR_SECONDS;
  if (hours === 0) {
    return texts.text('grace.none');
  }
  if (!Number.isInteger(hours)) {
    return texts.duration(seconds);
  }
  return hours % 24 === 0 ? texts.text('grace.days', { count: hours / 24 }) : texts.text('grace.hours', { count: hours });
}
