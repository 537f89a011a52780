// @ts-check
// Building nodes. Whatever comes from the server goes through here as text, never as markup.

/**
 * @typedef {Node | string | null | undefined | false} Child
 * @typedef {Record<string, unknown> & {on?: Record<string, (event: any) => unknown>}} Properties
 */

/**
 * Makes an element. A child that is a string becomes a text node. A property is set as an attribute, `on` adds
 * listeners, and `false`, `null` and `undefined` leave the attribute out.
 *
 * @param {string} name
 * @param {Properties} [properties]
 * @param {...(Child | Child[])} children
 * @returns {any} the element
 */
export function h(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key === 'on') {
      Object.entries(/** @type {any} */ (value)).forEach(([type, listener]) => element.addEventListener(type, listener));
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(key, value === true ? '' : String(value));
    }
  }
  fill(element, ...children);
  return element;
}

/**
 * Replaces what is in an element.
 *
 * @param {Element} element
 * @param {...(Child | Child[])} children
 */
export function fill(element, ...children) {
  element.replaceChildren(.../** @type {Node[]} */ (children.flat().filter((child) => child || child === '')));
}

/**
 * Sets a text that assistive technology reads when it changes, and leaves it alone if it is the same.
 *
 * @param {Element} element
 * @param {string} text
 */
export function say(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/**
 * A text with elements in its places: `compose('Type {name}', {name: strong})`.
 *
 * @param {string} text
 * @param {Record<string, Node | string>} places
 * @returns {(Node | string)[]}
 */
export function compose(text, places) {
  return text.split(/(\{\w+\})/).map((piece) => {
    const place = /^\{(\w+)\}$/.exec(piece);
    return place && place[1] in places ? places[place[1]] : piece;
  });
}

/**
 * A button. Its accessible name begins with what is seen.
 *
 * @param {string} text
 * @param {() => unknown} action
 * @param {Properties & {kind?: string}} [properties]
 */
export function button(text, action, { kind = 'quiet', ...properties } = {}) {
  return h('button', { type: 'button', class: kind, part: `button ${kind}`, ...properties, on: { click: action } }, text);
}

/**
 * An icon that assistive technology skips.
 *
 * @param {string} path the data of one path in a box of 16 by 16
 */
export function icon(path) {
  const space = 'http://www.w3.org/2000/svg';
  const picture = document.createElementNS(space, 'svg');
  picture.setAttribute('viewBox', '0 0 16 16');
  picture.setAttribute('class', 'icon');
  picture.setAttribute('aria-hidden', 'true');
  const line = document.createElementNS(space, 'path');
  line.setAttribute('d', path);
  picture.append(line);
  return picture;
}

/** The lines of our icons. */
export const ICONS = {
  key: 'M10.5 1.5a4 4 0 1 1-3.4 6.1L2 12.7V14h2.2v-1.6h1.6v-1.6h1.4l1.2-1.2M11.5 4.5h.01',
  search: 'M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9M10.4 10.4l3.1 3.1',
  warning: 'M8 2 14.5 13.5h-13zM8 6.5v3M8 11.6v.01',
  copy: 'M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z',
  done: 'm3 8.5 3.2 3.2L13 4.8',
  cloud: 'M2 2l12 12M4.5 12.5h7M4.2 6.6A3.2 3.2 0 0 0 4.5 12.5M6.6 4.1A3.8 3.8 0 0 1 12 7.2a2.7 2.7 0 0 1 1.5 4.3',
  lock: 'M3.5 7.5h9v6h-9zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5',
  clock: 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2M8 4.8V8l2.2 1.6',
};
