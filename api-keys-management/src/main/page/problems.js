// @ts-check
// How a call that failed is shown: in place of the list, or inside a dialog.
import { ICONS, button, h, icon } from './dom.js';

/** @typedef {import('./wire.js').Problem} Problem */

/** @type {Record<string, string>} */
const PICTURES = { offline: ICONS.cloud, unauthorized: ICONS.lock, forbidden: ICONS.lock, limited: ICONS.clock };

/** @type {Record<string, string>} */
const WITHOUT_TITLE = { missing: 'failed', conflict: 'failed', invalid: 'failed', nameTaken: 'failed', stepUp: 'unavailable', unproven: 'failed' };

/** Makes what is shown for a problem. */
export class Problems {
  /** @param {import('./app.js').App} app */
  constructor(app) {
    this.app = app;
  }

  /**
   * Lines for a place that already says what was tried.
   *
   * @param {Problem} problem
   * @returns {Node[]}
   */
  lines(problem) {
    const { texts } = this.app;
    const title = problem.kind === 'limit' ? [h('p', {}, h('strong', {}, texts.text('problem.limit.title')))] : [];
    return [...title, h('p', {}, this.#text(problem, () => {}))];
  }

  /**
   * A whole state, with what one can do about it.
   *
   * @param {Problem} problem
   * @param {() => void} retry
   */
  state(problem, retry) {
    const { texts } = this.app;
    const title = texts.text(`problem.${WITHOUT_TITLE[problem.kind] ?? problem.kind}.title`);
    const again = button(texts.text('action.retry'), () => again.getAttribute('aria-disabled') || retry(), {
      kind: 'secondary',
      'data-focus': 'retry',
      'aria-disabled': problem.kind === 'limited' && problem.retryAfter > 0 ? 'true' : null,
    });
    const text = this.#text(problem, () => again.removeAttribute('aria-disabled'));
    return h(
      'div',
      { class: 'state', part: 'state', role: 'alert' },
      icon(PICTURES[problem.kind] ?? ICONS.warning),
      h(this.app.subheading, {}, title),
      h('p', {}, text),
      again,
    );
  }

  /**
   * @param {Problem} problem
   * @param {() => void} over is called when waiting is over
   */
  #text(problem, over) {
    const { texts } = this.app;
    if (problem.kind === 'limited') {
      const wait = (/** @type {number} */ count) => texts.text('problem.limited', { count });
      return problem.retryAfter > 0
        ? countdown(problem.retryAfter, wait, texts.text('problem.limited.now'), over)
        : texts.text('problem.limited.now');
    }
    return texts.text(`problem.${problem.kind}`, { count: problem.limit });
  }
}

/**
 * Counts down where it is seen. Assistive technology hears the beginning and the end, not each second.
 *
 * @param {number} seconds
 * @param {(seconds: number) => string} wait what is shown meanwhile
 * @param {string} now what is shown at the end
 * @param {() => void} over is called when waiting is over
 */
export function countdown(seconds, wait, now, over) {
  const seen = h('span', { 'aria-hidden': 'true' }, wait(seconds));
  const heard = h('span', { class: 'heard' }, wait(seconds));
  let left = seconds;
  const timer = setInterval(() => {
    left -= 1;
    if (left > 0) {
      seen.textContent = wait(left);
      return;
    }
    clearInterval(timer);
    seen.textContent = now;
    heard.textContent = now;
    over();
  }, 1_000);
  return h('span', {}, seen, heard);
}
