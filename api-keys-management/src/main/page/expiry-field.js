// @ts-check
// When a key ends: after a number of days, on a date, or never where that is allowed.
import { h } from './dom.js';
import { selectField, textField } from './fields.js';

/** @typedef {import('./app.js').App} App */
/** @typedef {import('./dialog.js').Control} Control */

const DAY_SECONDS = 86_400;
const DAY = DAY_SECONDS * 1000;
const CHOICES = [7, 30, 90, 180, 365];

/** Clocks differ: the longest lifetime, counted from here, must not be longer than the server's. */
const MARGIN_MILLIS = 300_000;

/** Of a short lifetime the margin is only a part. */
const MARGIN_PART = 0.1;

/**
 * Its value is the part of a draft that says when the key ends, or null if the date is missing or gone by.
 *
 * @param {App} app
 * @param {Date | null} [current] the end that the key has now; undefined for a new key
 * @returns {Control}
 */
export function expiryField(app, current) {
  const { texts } = app;
  const date = textField(app, { label: texts.text('field.date'), input: { type: 'date', min: day(Math.min(app.now() + DAY, latest(app))), max: day(latest(app)) } });
  const choice = selectField(app, {
    label: texts.text('field.expiry'),
    hint: current && !app.settings.mayExpireLater ? texts.text('change.expiry.hint') : undefined,
    choices: choices(app, current),
    value: current === undefined ? String(usualDays(app)) : 'keep',
    changed: () => date.node.toggleAttribute('hidden', choice.value() !== 'date'),
  });
  date.node.toggleAttribute('hidden', true);
  return {
    node: h('div', { class: 'pair' }, choice.node, date.node),
    value: () => draft(app, choice.value(), date.value()),
    fail: (text) => (choice.value() === 'date' ? date : choice).fail(text),
    focus: () => (choice.value() === 'date' ? date : choice).focus(),
  };
}

/**
 * @param {App} app
 * @param {Date | null | undefined} current
 */
function choices(app, current) {
  const { texts, settings } = app;
  const longest = settings.maxLifetimeSeconds * 1000;
  const most = current && !settings.mayExpireLater ? current.getTime() - app.now() : longest;
  const days = [...new Set([...CHOICES, ...(current === undefined ? [usualDays(app)] : [])])]
    .filter((count) => count * DAY <= most)
    .sort((one, other) => one - other)
    .map((count) => ({ value: String(count), label: daysText(app, count) }));
  const keep = {
    value: 'keep',
    label: texts.text('field.expiry.keep', { date: current ? texts.date(current) : texts.text('expires.never') }),
  };
  return [
    ...(current === undefined ? [] : [keep]),
    ...days,
    { value: 'date', label: texts.text('field.expiry.date') },
    ...(settings.mayNeverExpire && current === undefined
      ? [{ value: 'never', label: texts.text('field.expiry.never') }]
      : []),
  ];
}

/**
 * The usual lifetime in days, which need not be whole ones.
 *
 * @param {App} app
 */
function usualDays(app) {
  return app.settings.defaultLifetimeSeconds / DAY_SECONDS;
}

/**
 * @param {App} app
 * @param {number} count
 */
function daysText(app, count) {
  const { texts } = app;
  const end = new Date(app.now() + count * DAY);
  return Number.isInteger(count)
    ? texts.text('field.expiry.days', { count, date: texts.date(end) })
    : `${texts.duration(Math.round(count * DAY_SECONDS))} (${texts.moment(end)})`;
}

/**
 * @param {App} app
 * @param {string} chosen
 * @param {string} date
 * @returns {import('./keys.js').Draft | null}
 */
function draft(app, chosen, date) {
  if (chosen === 'keep') {
    return {};
  }
  if (chosen === 'never') {
    return { expiresAt: null };
  }
  if (chosen !== 'date') {
    return { expiresAt: instant(app, app.now() + Number(chosen) * DAY) };
  }
  const end = new Date(`${date}T23:59:59`).getTime();
  if (!(end > app.now())) {
    return null;
  }
  // A later day than the last one is sent as it is: the server says that it is too late.
  return { expiresAt: date > day(latest(app)) ? written(end) : instant(app, end) };
}

/** @param {App} app */
function latest(app) {
  const longest = app.settings.maxLifetimeSeconds * 1000;
  return app.now() + longest - Math.min(MARGIN_MILLIS, longest * MARGIN_PART);
}

/**
 * @param {App} app
 * @param {number} end
 */
function instant(app, end) {
  return written(Math.min(end, latest(app)));
}

/** @param {number} time */
function written(time) {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

/** @param {number} time */
function day(time) {
  const local = new Date(time);
  const pad = (/** @type {number} */ number) => String(number).padStart(2, '0');
  return `${local.getFullYear()}-${pad(local.getMonth() + 1)}-${pad(local.getDate())}`;
}
