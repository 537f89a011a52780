// @ts-check
// A table of any length, of which only the rows near what is seen exist. Each row has the same height.
import { fill, h } from './dom.js';

/** Rows before and after what is seen, so that the keyboard always finds a next one. */
const MARGIN = 6;

/** A scrolling table whose rows are made when they come near. */
export class WindowList {
  /**
   * @param {{label: string, head: Node, row: (index: number) => HTMLElement, shown: (first: number, last: number) => void}} how
   */
  constructor({ label, head, row, shown }) {
    this.row = row;
    this.shown = shown;
    this.total = 0;
    /** @type {Map<number, HTMLElement>} */
    this.rows = new Map();
    /** Of a row, in pixels; 0 if it must be measured. */
    this.height = 0;
    this.space = h('div', { class: 'window-space', role: 'rowgroup' });
    this.node = h('div', { class: 'window', role: 'table', 'aria-label': label, tabindex: '0', part: 'table' }, head, this.space);
    this.node.addEventListener('scroll', () => this.#draw(), { passive: true });
    new ResizeObserver(() => this.#resized()).observe(this.node);
  }

  /**
   * Draws everything anew.
   *
   * @param {number} total
   */
  show(total) {
    const focused = this.#focusedName();
    this.total = total;
    this.node.setAttribute('aria-rowcount', String(total + 1));
    this.rows.clear();
    fill(this.space);
    this.#draw();
    if (focused) {
      /** @type {HTMLElement | null} */ (this.space.querySelector(`[data-focus="${CSS.escape(focused)}"]`))?.focus();
    }
  }

  /** Draws the rows anew that were waiting for what they show. */
  fillIn() {
    for (const [index, row] of this.rows) {
      if (row.classList.contains('waiting')) {
        row.replaceWith(this.#made(index));
      }
    }
  }

  /** Begins at the top again. */
  toTop() {
    this.node.scrollTop = 0;
  }

  #focusedName() {
    const active = /** @type {ShadowRoot} */ (this.node.getRootNode()).activeElement;
    return this.space.contains(active) ? /** @type {HTMLElement} */ (active).dataset.focus : undefined;
  }

  #draw() {
    if (this.total === 0 || !this.node.isConnected) {
      return;
    }
    this.height ||= this.#rowHeight();
    const { height } = this;
    const first = Math.max(0, Math.floor(this.node.scrollTop / height) - MARGIN);
    const last = Math.min(this.total - 1, Math.ceil((this.node.scrollTop + this.node.clientHeight) / height) + MARGIN);
    this.space.style.setProperty('block-size', `${this.total * height}px`);
    this.#drop(first, last);
    for (let index = first; index <= last; index += 1) {
      if (!this.rows.has(index)) {
        this.#add(index);
      }
    }
    this.shown(first, last);
  }

  /**
   * A row that has the focus stays, wherever one scrolls to.
   *
   * @param {number} first
   * @param {number} last
   */
  #drop(first, last) {
    const active = /** @type {ShadowRoot} */ (this.node.getRootNode()).activeElement;
    for (const [index, row] of this.rows) {
      if ((index < first || index > last) && !row.contains(active)) {
        row.remove();
        this.rows.delete(index);
      }
    }
  }

  #resized() {
    this.height = 0;
    this.#draw();
    for (const [index, row] of this.rows) {
      this.#place(index, row);
    }
  }

  /** @param {number} index */
  #made(index) {
    const row = this.row(index);
    row.setAttribute('aria-rowindex', String(index + 2));
    this.#place(index, row);
    this.rows.set(index, row);
    return row;
  }

  /**
   * @param {number} index
   * @param {HTMLElement} row
   */
  #place(index, row) {
    row.style.setProperty('inset-block-start', `${index * this.height}px`);
  }

  /** @param {number} index */
  #add(index) {
    const next = [...this.rows.keys()].filter((other) => other > index).sort((one, other) => one - other)[0];
    const before = next === undefined ? null : /** @type {Node} */ (this.rows.get(next));
    this.space.insertBefore(this.#made(index), before);
  }

  #rowHeight() {
    const measured = this.space.firstElementChild ?? this.space.appendChild(this.#probe());
    const height = /** @type {HTMLElement} */ (measured).offsetHeight;
    if (measured.classList.contains('probe')) {
      measured.remove();
    }
    return Math.max(1, height);
  }

  #probe() {
    return h('div', { class: 'row probe', 'aria-hidden': 'true' });
  }
}
