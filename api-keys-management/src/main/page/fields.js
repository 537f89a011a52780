// @ts-check
// The kinds of questions that forms ask. Each has a visible label, a hint and a place for what is wrong with it.
import { fill, h } from './dom.js';

/** @typedef {import('./dialog.js').Control} Control */
/** @typedef {import('./app.js').App} App */

/**
 * @typedef {object} Question
 * @property {string} label
 * @property {string} [hint]
 * @property {Record<string, unknown>} [input] attributes of the input
 */

/**
 * @param {App} app
 * @param {Question & {value?: string, name?: 'input' | 'textarea'}} question
 * @returns {Control & {input: any}}
 */
export function textField(app, { label, hint, input = {}, value = '', name = 'input' }) {
  const id = app.nextId();
  const wrong = h('p', { class: 'wrong', id: `${id}-wrong` });
  const field = h(name, {
    id,
    part: 'input',
    autocomplete: 'off',
    spellcheck: 'false',
    ...input,
    'aria-describedby': hint ? `${id}-hint ${id}-wrong` : `${id}-wrong`,
  });
  field.value = value;
  const node = h(
    'div',
    { class: 'field' },
    h('label', { for: id }, label),
    hint && h('p', { class: 'hint', id: `${id}-hint` }, hint),
    field,
    wrong,
  );
  return {
    node,
    input: field,
    value: () => field.value,
    fail: (text) => mark(field, wrong, text),
    focus: () => field.focus(),
  };
}

/**
 * A text of several lines, each of which is a value.
 *
 * @param {App} app
 * @param {Question & {values: string[]}} question
 * @returns {Control & {input: any}}
 */
export function linesField(app, { values, ...question }) {
  const field = textField(app, {
    ...question,
    name: 'textarea',
    value: values.join('\n'),
    input: { rows: 3, class: 'code', autocapitalize: 'off', ...question.input },
  });
  return { ...field, value: () => lines(field.input.value) };
}

/** @param {string} text */
function lines(text) {
  return text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter(Boolean);
}

/**
 * One of several choices, all of which are seen.
 *
 * @param {App} app
 * @param {Question & {choices: {value: string, label: string, hint?: string}[], value: string, changed?: () => void}} question
 * @returns {Control}
 */
export function choiceField(app, { label, hint, choices, value, changed }) {
  const name = app.nextId();
  const wrong = h('p', { class: 'wrong', id: `${name}-wrong` });
  const inputs = choices.map((choice, index) =>
    h('input', {
      type: 'radio',
      name,
      id: `${name}-${index}`,
      value: choice.value,
      'aria-describedby': choice.hint ? `${name}-${index}-hint` : null,
      on: { change: () => changed?.() },
    }),
  );
  const rows = choices.map((choice, index) => {
    inputs[index].checked = choice.value === value;
    return h(
      'div',
      { class: 'choice' },
      inputs[index],
      h('label', { for: `${name}-${index}` }, choice.label),
      choice.hint && h('p', { class: 'hint', id: `${name}-${index}-hint` }, choice.hint),
    );
  });
  const node = h(
    'fieldset',
    { class: 'field', 'aria-describedby': `${name}-wrong` },
    h('legend', {}, label),
    hint && h('p', { class: 'hint' }, hint),
    h('div', { class: 'choices' }, rows),
    wrong,
  );
  return {
    node,
    value: () => inputs.find((input) => input.checked)?.value ?? '',
    fail: (text) => fill(wrong, text),
    focus: () => (inputs.find((input) => input.checked) ?? inputs[0]).focus(),
  };
}

/**
 * Any number of several choices.
 *
 * @param {App} app
 * @param {Question & {groups: {label: string, choices: {value: string, label: string, badge?: string}[]}[], values: string[],
 *   changed?: () => void}} question
 * @returns {Control}
 */
export function checksField(app, { label, hint, groups, values, changed }) {
  const id = app.nextId();
  const wrong = h('p', { class: 'wrong', id: `${id}-wrong` });
  /** @type {any[]} */
  const inputs = [];
  const rows = groups.map((group) => {
    const boxes = group.choices.map((choice) => {
      const own = app.nextId();
      const input = h('input', { type: 'checkbox', id: own, value: choice.value, on: { change: () => changed?.() } });
      input.checked = values.includes(choice.value);
      inputs.push(input);
      const badge = choice.badge && h('span', { class: 'tag' }, choice.badge);
      return h('span', { class: 'check' }, input, h('label', { for: own }, choice.label, badge && ' ', badge));
    });
    const head = group.label && h('span', { class: 'group', id: `${id}-${group.label}` }, group.label);
    return h('div', { class: 'checks', role: 'group', 'aria-label': group.label || label }, head, boxes);
  });
  const node = h(
    'fieldset',
    { class: 'field', 'aria-describedby': `${id}-wrong` },
    h('legend', {}, label),
    hint && h('p', { class: 'hint' }, hint),
    rows,
    wrong,
  );
  return {
    node,
    value: () => inputs.filter((input) => input.checked).map((input) => input.value),
    fail: (text) => fill(wrong, text),
    focus: () => inputs[0]?.focus(),
  };
}

/**
 * Yes or no.
 *
 * @param {App} app
 * @param {Question & {value: boolean, changed?: () => void}} question
 * @returns {Control}
 */
export function checkField(app, { label, hint, value, changed }) {
  const id = app.nextId();
  const input = h('input', {
    type: 'checkbox',
    id,
    'aria-describedby': hint ? `${id}-hint` : null,
    on: { change: () => changed?.() },
  });
  input.checked = value;
  const node = h(
    'div',
    { class: 'field choice' },
    input,
    h('label', { for: id }, label),
    hint && h('p', { class: 'hint', id: `${id}-hint` }, hint),
  );
  return { node, value: () => input.checked, fail: () => {}, focus: () => input.focus() };
}

/**
 * One of several choices in a list that opens.
 *
 * @param {App} app
 * @param {Question & {choices: {value: string, label: string}[], value: string, changed?: () => void}} question
 * @returns {Control & {input: any}}
 */
export function selectField(app, { label, hint, choices, value, changed }) {
  const id = app.nextId();
  const wrong = h('p', { class: 'wrong', id: `${id}-wrong` });
  const select = h(
    'select',
    {
      id,
      part: 'input',
      'aria-describedby': hint ? `${id}-hint ${id}-wrong` : `${id}-wrong`,
      on: { change: () => changed?.() },
    },
    choices.map((choice) => h('option', { value: choice.value }, choice.label)),
  );
  select.value = value;
  const node = h(
    'div',
    { class: 'field' },
    h('label', { for: id }, label),
    hint && h('p', { class: 'hint', id: `${id}-hint` }, hint),
    select,
    wrong,
  );
  return {
    node,
    input: select,
    value: () => select.value,
    fail: (text) => mark(select, wrong, text),
    focus: () => select.focus(),
  };
}

/**
 * @param {HTMLElement} field
 * @param {HTMLElement} wrong
 * @param {string} text
 */
function mark(field, wrong, text) {
  fill(wrong, text);
  if (text) {
    field.setAttribute('aria-invalid', 'true');
  } else {
    field.removeAttribute('aria-invalid');
  }
}
