// @ts-check
// Revoking many keys: asked once, told while it happens, and reported key by key where it failed.
import { button, fill, h } from './dom.js';
import { Dialog, Form } from './dialog.js';
import { textField } from './fields.js';
import { countdown } from './problems.js';
import { consequence } from './revoke-dialog.js';
import { Problem, problemOf } from './wire.js';

/** @typedef {import('./app.js').App} App */
/** @typedef {import('./keys.js').Key} Key */
/** @typedef {{key: Key, problem: Problem}} Failed */

const AT_ONCE = 4;

/**
 * @param {App} app
 * @param {Key[]} keys
 * @param {() => void} finished
 */
export function openBulkRevoke(app, keys, finished) {
  const { texts } = app;
  const count = keys.length;
  const dialog = new Dialog(app, { title: texts.text('bulk.title', { count }), from: 'bulk' });
  const controls = {
    confirm: textField(app, {
      label: texts.text('bulk.confirm', { count }),
      input: { autofocus: true, inputmode: 'numeric' },
    }),
  };
  const form = new Form(app, controls, {
    submit: texts.text('admin.revoke', { count }),
    kind: 'primary danger',
    cancel: () => dialog.close(),
    send: async () => {
      if (![String(count), texts.numbers.format(count)].map(digits).includes(digits(controls.confirm.value()))) {
        throw new Problem('invalid', { fields: { confirm: 'count' } });
      }
      await run(app, dialog, keys, finished);
    },
  });
  dialog.show(h('p', {}, consequence(app, count)), h('p', {}, h('strong', {}, texts.text('revoke.final'))), form.node);
}

/**
 * The digits of a number without what groups them; the reader's language may have digits of its own.
 *
 * @param {string} text
 */
function digits(text) {
  return text.replace(/\P{Nd}/gu, '');
}

/**
 * @param {App} app
 * @param {Dialog} dialog
 * @param {Key[]} keys
 * @param {() => void} finished
 */
async function run(app, dialog, keys, finished) {
  const { texts } = app;
  const work = new BulkRevoke(app, keys);
  const bar = h('progress', { max: keys.length, value: 0, 'aria-label': texts.text('admin.revoke', { count: keys.length }) });
  const said = h('p', {});
  const told = () => {
    bar.value = work.done.length + work.failed.length;
    fill(said, texts.text('bulk.progress', { done: work.done.length, count: keys.length }));
  };
  const stop = button(texts.text('bulk.stop'), () => work.stop(), { kind: 'secondary', autofocus: true });
  told();
  dialog.rename(texts.text('bulk.running'));
  dialog.onEscape = () => work.stop();
  const waiting = h('p', { role: 'status' });
  dialog.show(bar, said, waiting, h('div', { class: 'actions' }, stop));
  await work.run(told, (seconds) => {
    const wait = (/** @type {number} */ count) => texts.text('bulk.limited', { count });
    fill(waiting, countdown(seconds, wait, '', () => {}));
  });
  dialog.rename(texts.text('bulk.report'));
  dialog.onEscape = async () => {
    dialog.close();
    finished();
    await app.refresh();
  };
  const close = button(texts.text('action.close'), () => dialog.onEscape(), { kind: 'primary', autofocus: true });
  dialog.show(...report(app, work), h('div', { class: 'actions' }, close));
}

/**
 * @param {App} app
 * @param {BulkRevoke} work
 */
function report(app, work) {
  const { texts } = app;
  const lines = work.failed.map(({ key, problem }) =>
    h('li', {}, h('strong', { dir: 'auto' }, key.name), ': ', reason(app, problem)),
  );
  return [
    h('p', { role: 'status' }, texts.text('bulk.done', { count: work.done.length })),
    lines.length > 0 && h('p', {}, texts.text('bulk.failed', { count: lines.length })),
    lines.length > 0 && h('ul', { class: 'report', tabindex: '0' }, lines),
  ];
}

/**
 * @param {App} app
 * @param {Problem} problem
 */
function reason(app, problem) {
  return problem.kind === 'missing' ? app.texts.text('bulk.gone') : app.texts.text(`problem.${problem.kind}.title`);
}

/** Revokes a few keys at a time; waits where the server asks for it, and goes on. */
class BulkRevoke {
  /**
   * @param {App} app
   * @param {Key[]} keys
   */
  constructor(app, keys) {
    this.app = app;
    this.waiting = [...keys];
    /** @type {Key[]} */
    this.done = [];
    /** @type {Failed[]} */
    this.failed = [];
    /** @type {Set<() => void>} */
    this.goOn = new Set();
    this.stopped = false;
  }

  /** Nothing is sent from now on: what the server wants later isn't tried again either. */
  stop() {
    this.stopped = true;
    this.waiting = [];
    this.goOn.forEach((goOn) => goOn());
  }

  /**
   * @param {() => void} told is called after each key
   * @param {(seconds: number) => void} waits is called when the server asks to wait
   */
  async run(told, waits) {
    const worker = async () => {
      for (let key = this.waiting.shift(); key; key = this.waiting.shift()) {
        await this.#revoke(key, waits);
        told();
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }

  /**
   * @param {Key} key
   * @param {(seconds: number) => void} waits
   */
  async #revoke(key, waits) {
    try {
      await this.app.endpoints.revoke(key);
      this.done.push(key);
      this.app.tell('revoked', key);
    } catch (failure) {
      const problem = problemOf(failure);
      if (problem.kind === 'limited' && this.stopped) {
        return;
      }
      if (problem.kind === 'limited') {
        const seconds = Math.max(1, problem.retryAfter);
        this.waiting.push(key);
        waits(seconds);
        await this.#pause(seconds);
        return;
      }
      this.failed.push({ key, problem });
      if (problem.kind === 'unauthorized') {
        this.stop();
        this.app.noticed(problem);
      }
    }
  }

  /**
   * Until this time is over, or the work is stopped.
   *
   * @param {number} seconds
   */
  #pause(seconds) {
    return new Promise((resolve) => {
      const goOn = () => {
        this.goOn.delete(goOn);
        resolve(undefined);
      };
      this.goOn.add(goOn);
      setTimeout(goOn, seconds * 1_000);
    });
  }
}
