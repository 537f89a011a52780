// @ts-check
// Texts, times and numbers in the reader's language.
import { ENGLISH } from './english.js';
import { GERMAN } from './german.js';

/** @typedef {string | {[form: string]: string}} Text */
/** @typedef {{[key: string]: Text}} Language */

/** @type {Map<string, Language>} */
const languages = new Map([
  ['en', ENGLISH],
  ['de', GERMAN],
]);

/**
 * Adds a language, or replaces one. A text that is missing is shown in English.
 *
 * @param {string} tag for example `fr` or `pt-BR`
 * @param {Language} texts
 */
export function addLanguage(tag, texts) {
  languages.set(tag.toLowerCase(), texts);
}

/**
 * A copy of a language's texts, for a translator to begin with.
 *
 * @param {string} tag
 * @returns {Language}
 */
export function languageTexts(tag) {
  return { ...languages.get(tag.toLowerCase()) };
}

const DAY = 86_400_000;

/** @type {[Intl.RelativeTimeFormatUnit, number, number][]} from how many days on, and how many days it has */
const LONG_UNITS = [
  ['year', 548, 365.25],
  ['month', 60, 30.4375],
];

/** @type {[Intl.RelativeTimeFormatUnit, number][]} */
const SHORT_UNITS = [
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
];

/**
 * The tag, and what is left of it with less and less at its end, as RFC 4647 looks up languages: pages and browsers also name
 * variants that nobody knows, and tags that are none, such as `en-US@posix`.
 *
 * @param {string} tag
 */
function prefixes(tag) {
  const parts = tag.split(/[-_.@]/);
  return [tag, ...parts.map((_, index) => parts.slice(0, parts.length - index).join('-'))];
}

/** @param {string} text */
function isTag(text) {
  try {
    return Intl.getCanonicalLocales(text).length > 0;
  } catch {
    return false;
  }
}

/** @type {[string, number][]} with their seconds */
const WHOLE_UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** The texts of one language, with what an application changed in them. */
export class Texts {
  /**
   * @param {string} tag
   * @param {Language} [changed]
   */
  constructor(tag, changed = {}) {
    const known = prefixes(tag).find((prefix) => languages.has(prefix.toLowerCase()));
    this.tag = (known && prefixes(tag).find(isTag)) || 'en';
    /** @type {Language} */
    this.language = { ...ENGLISH, ...(known && languages.get(known.toLowerCase())), ...changed };
    this.plurals = new Intl.PluralRules(this.tag);
    this.relativeTimes = new Intl.RelativeTimeFormat(this.tag, { numeric: 'auto' });
    this.dates = new Intl.DateTimeFormat(this.tag, { dateStyle: 'medium' });
    this.moments = new Intl.DateTimeFormat(this.tag, { dateStyle: 'medium', timeStyle: 'short' });
    this.numbers = new Intl.NumberFormat(this.tag);
    this.lists = new Intl.ListFormat(this.tag);
  }

  /**
   * @param {string} key
   * @param {Record<string, string | number>} [values]
   */
  text(key, values = {}) {
    return this.#template(key, values).replace(/\{(\w+)\}/g, (place, name) => {
      const value = values[name];
      return value === undefined ? place : typeof value === 'number' ? this.numbers.format(value) : value;
    });
  }

  /**
   * A text for a word of the server; the word itself where there is none.
   *
   * @param {string} group
   * @param {string} word
   */
  word(group, word) {
    const key = `${group}.${word}`;
    return key in this.language ? this.text(key) : word.replaceAll('_', ' ');
  }

  /**
   * @param {string} key
   * @param {Record<string, string | number>} values
   */
  #template(key, values) {
    const text = this.language[key] ?? key;
    if (typeof text === 'string') {
      return text;
    }
    return text[this.plurals.select(Number(values.count))] ?? text.other;
  }

  /**
   * @param {Date} time
   * @param {number} now milliseconds
   */
  relative(time, now) {
    const distance = time.getTime() - now;
    if (Math.abs(distance) < DAY) {
      const [unit, length] = SHORT_UNITS.find(([, millis]) => Math.abs(distance) >= millis) ?? SHORT_UNITS[2];
      return this.relativeTimes.format(Math.trunc(distance / length), unit);
    }
    const days = midnights(time.getTime()) - midnights(now); // "Yesterday" is the day before, not 24 hours ago.
    const [unit, , length] = LONG_UNITS.find(([, from]) => Math.abs(days) >= from) ?? ['day', 1, 1];
    return this.relativeTimes.format(Math.round(days / length), unit);
  }

  /** How the language is written; empty is as the page says. */
  get direction() {
    const locale = /** @type {any} */ (new Intl.Locale(this.tag));
    return (locale.getTextInfo?.() ?? locale.textInfo)?.direction === 'rtl' ? 'rtl' : '';
  }

  /** @param {Date} time */
  moment(time) {
    return this.moments.format(time);
  }

  /** @param {Date} time */
  date(time) {
    return this.dates.format(time);
  }

  /**
   * A duration in its largest whole unit: 90 minutes, 36 hours.
   *
   * @param {number} seconds
   */
  duration(seconds) {
    const [unit, length] = WHOLE_UNITS.find(([, count]) => seconds % count === 0) ?? ['second', 1];
    return new Intl.NumberFormat(this.tag, { style: 'unit', unit, unitDisplay: 'long' }).format(seconds / length);
  }

  /** @param {string[]} items */
  list(items) {
    return this.lists.format(items);
  }
}

/**
 * Days until then, of the reader's calendar.
 *
 * @param {number} time milliseconds
 */
function midnights(time) {
  const local = new Date(time);
  return Date.UTC(local.getFullYear(), local.getMonth(), local.getDate()) / DAY;
}
