// @ts-check
// Dialogs and the fields in them.
import { button, fill, h } from './dom.js';
import { problemOf } from './wire.js';

/** @typedef {import('./app.js').App} App */
/** @typedef {import('./wire.js').Problem} Problem */

/** One dialog, which is open from its construction until `close`. Focus returns to where it came from. */
export class Dialog {
  /**
   * @param {App} app
   * @param {{title: string, wide?: boolean, from?: string}} settings `from` is the control that gets the focus back if it
   *   was rendered anew
   */
  constructor(app, { title, wide = false, from }) {
    this.app = app;
    this.from = from;
    /** What Escape does. */
    this.onEscape = () => this.close();
    const id = app.nextId();
    this.body = h('div', { class: 'dialog-body' });
    this.heading = h('h2', { id, tabindex: '-1' }, title);
    this.node = h(
      'dialog',
      {
        class: wide ? 'wide' : null,
        part: 'dialog',
        lang: app.texts.tag,
        dir: app.texts.direction,
        'aria-labelledby': id,
        on: {
          keydown: (event) => event.key === 'Escape' && !event.isComposing && this.#escaped(event),
          cancel: (event) => event.target === this.node && this.#escaped(event),
          close: () => this.node.isConnected && this.#closedByBrowser(),
        },
      },
      this.heading,
      this.body,
    );
    app.root.append(this.node);
  }

  /** @param {string} title */
  rename(title) {
    this.heading.textContent = title;
  }

  /** @param {...(import('./dom.js').Child | import('./dom.js').Child[])} children */
  show(...children) {
    fill(this.body, ...children);
    if (!this.node.isConnected) {
      return; // The element, or the dialog, was closed meanwhile.
    }
    if (!this.node.open) {
      this.node.showModal();
    }
    const first = this.body.querySelector('[autofocus]') ?? this.heading;
    first.focus();
  }

  /**
   * Shows why there is nothing to show, with a way on and a way out.
   *
   * @param {unknown} failure
   * @param {() => void} retry
   */
  fail(failure, retry) {
    const { app } = this;
    const problem = problemOf(failure);
    const out = button(app.texts.text('action.close'), () => this.close(), { kind: 'secondary' });
    this.show(app.problems.state(problem, retry), h('div', { class: 'actions' }, out));
    app.noticed(problem);
  }

  /** @param {Event} event */
  #escaped(event) {
    event.preventDefault();
    this.onEscape();
  }

  /** Browsers let a page prevent closing once only, so that a dialog that must not close yet is opened again. */
  #closedByBrowser() {
    this.onEscape();
    if (this.node.isConnected && !this.node.open) {
      this.node.showModal();
    }
  }

  close() {
    if (!this.node.isConnected) {
      return;
    }
    this.node.close();
    this.node.remove();
    if (this.from) {
      this.app.focus(this.from);
    }
  }
}

/**
 * @typedef {object} Control one question of a form
 * @property {HTMLElement} node
 * @property {() => any} value
 * @property {(text: string) => void} fail shows what is wrong, or nothing for the empty string
 * @property {() => void} focus
 * @property {Record<string, string>} [meanings] words of ours for codes of the server
 */

/** A form whose fields are wrong or right one by one. */
export class Form {
  /**
   * @param {App} app
   * @param {Record<string, Control | null>} controls by our names of fields
   * @param {{submit: string, kind?: string, cancel: () => void, send: () => Promise<void>, note?: Node}} actions
   */
  constructor(app, controls, { submit, kind = 'primary', cancel, send, note }) {
    this.app = app;
    this.controls = controls;
    this.send = send;
    this.alert = h('div', { class: 'form-alert', role: 'alert' });
    this.submit = h('button', { type: 'submit', class: kind, part: `button ${kind}` }, submit);
    this.node = h(
      'form',
      { novalidate: true, on: { submit: (event) => this.#submitted(event) } },
      this.alert,
      ...Object.values(controls).map((control) => control && control.node),
      note,
      h(
        'div',
        { class: 'actions' },
        button(app.texts.text('action.cancel'), cancel, { kind: 'secondary' }),
        this.submit,
      ),
    );
  }

  /** @param {Event} event */
  async #submitted(event) {
    event.preventDefault();
    if (this.submit.getAttribute('aria-busy') === 'true') {
      return; // A second click while the first is on its way.
    }
    this.#clear();
    this.submit.setAttribute('aria-busy', 'true');
    try {
      await this.send();
    } catch (failure) {
      this.fail(problemOf(failure));
    } finally {
      this.submit.removeAttribute('aria-busy');
    }
  }

  #clear() {
    fill(this.alert);
    Object.values(this.controls).forEach((control) => control?.fail(''));
  }

  /**
   * Shows why it did not work: at the fields where it is theirs, else above them.
   *
   * @param {Problem} problem
   */
  fail(problem) {
    const { texts } = this.app;
    const wrong = Object.entries(problem.fields ?? {}).filter(([name]) => this.controls[name]);
    wrong.forEach(([name, code]) => {
      const control = this.controls[name];
      control?.fail(texts.word('wrong', control.meanings?.[code] ?? code));
    });
    if (wrong.length > 0) {
      fill(this.alert, h('p', {}, texts.text('wrong.summary', { count: wrong.length })));
      const first = Object.keys(this.controls).find((name) => wrong.some(([failed]) => failed === name));
      this.controls[/** @type {string} */ (first)]?.focus();
    } else {
      fill(this.alert, ...this.app.problems.lines(problem));
    }
    this.app.notChanged(problem);
  }
}
