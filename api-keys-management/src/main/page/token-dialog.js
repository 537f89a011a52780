// @ts-check
// The only place that shows a token. It is in this file's variables and in the dialog, and nowhere once it was stored.
import { ICONS, button, fill, h, icon } from './dom.js';
import { Dialog } from './dialog.js';

/** @typedef {import('./app.js').App} App */

/**
 * @param {App} app
 * @param {{token: string}} issued the token is taken out of it
 * @param {string} title
 * @returns {Promise<void>} when the reader has stored the token, or left the page
 */
export function openToken(app, issued, title) {
  const { texts } = app;
  let token = issued.token;
  issued.token = '';
  if (app.host.signal.aborted) {
    token = '';
    return Promise.resolve(); // Nobody is there any more to see it.
  }
  const hint = h('p', { class: 'hint', role: 'status' }, texts.text('token.stored.hint'));
  const dialog = new Dialog(app, {
    title,
    wide: true,
    from: 'create',
  });
  dialog.onEscape = () => fill(hint, texts.text('token.escape'));
  dialog.node.classList.add('token');
  const shown = new AbortController();
  const { signal } = shown;
  window.addEventListener('beforeunload', (event) => event.preventDefault(), { signal });
  return new Promise((resolve) => {
    const stored = () => {
      shown.abort();
      dialog.node.querySelectorAll('textarea').forEach((/** @type {any} */ area) => (area.value = ''));
      fill(dialog.node);
      token = '';
      dialog.close();
      resolve();
    };
    app.host.signal.addEventListener('abort', stored, { signal });
    window.addEventListener('pagehide', stored, { signal }); // A page that is kept for "back" must not keep the token.
    dialog.show(
      h('p', { class: 'lead' }, texts.text('token.text')),
      tokenBox(app, () => token),
      usage(app, () => token),
      hint,
      h('div', { class: 'actions' }, button(texts.text('token.stored'), stored, { kind: 'secondary' })),
    );
  });
}

/**
 * @param {App} app
 * @param {() => string} token
 */
function tokenBox(app, token) {
  const id = app.nextId();
  const area = h('textarea', {
    id,
    class: 'code token-value',
    part: 'token',
    readonly: true,
    rows: 2,
    autocomplete: 'off',
    spellcheck: 'false',
    translate: 'no',
    dir: 'ltr',
    'data-1p-ignore': true,
    'data-lpignore': 'true',
    on: { focus: () => area.select() },
  });
  area.value = token();
  return h(
    'div',
    { class: 'token-box' },
    h('label', { for: id }, app.texts.text('token.label')),
    area,
    copyButton(app, 'action.copy', 'primary', token),
  );
}

/**
 * @param {App} app
 * @param {string} text
 * @param {string} kind
 * @param {() => string} value
 */
function copyButton(app, text, kind, value) {
  const { texts } = app;
  const said = h('span', { role: 'status', class: 'heard' });
  const copy = button(texts.text(text), async () => {
    try {
      await navigator.clipboard.writeText(value());
      fill(copy, icon(ICONS.done), texts.text('action.copied'));
      fill(said, texts.text('token.copied'));
    } catch {
      said.classList.remove('heard');
      fill(said, texts.text('token.copyfailed'));
    }
  }, { kind, autofocus: kind === 'primary' });
  copy.prepend(icon(ICONS.copy));
  return h('div', { class: 'copy' }, copy, said);
}

/**
 * Lines to paste, one kind at a time.
 *
 * @param {App} app
 * @param {() => string} token
 */
function usage(app, token) {
  const { texts } = app;
  const id = app.nextId();
  const code = h('code', { dir: 'ltr', translate: 'no' });
  const panel = h(
    'div',
    { role: 'tabpanel', id: `${id}-panel`, tabindex: '0', class: 'snippet' },
    h('pre', {}, code),
  );
  const kinds = ['env', 'curl', 'mcp'];
  let shown = 'env';
  const tabs = kinds.map((kind) =>
    h('button', { type: 'button', role: 'tab', id: `${id}-${kind}`, 'aria-controls': `${id}-panel` }, texts.text(`token.${kind}`)),
  );
  const show = (/** @type {number} */ index) => {
    shown = kinds[index];
    tabs.forEach((tab, other) => {
      tab.setAttribute('aria-selected', String(other === index));
      tab.tabIndex = other === index ? 0 : -1;
    });
    panel.setAttribute('aria-labelledby', `${id}-${shown}`);
    fill(code, snippet(app, shown, token()));
  };
  tabs.forEach((tab, index) => {
    tab.addEventListener('click', () => show(index));
    tab.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => moved(event, tabs, index, show));
  });
  show(0);
  return h(
    'div',
    { class: 'usage' },
    h('div', { class: 'tabs' }, h('div', { role: 'tablist', 'aria-label': texts.text('token.use') }, tabs),
      copyButton(app, 'token.copyline', 'quiet', () => snippet(app, shown, token()))),
    panel,
  );
}

/**
 * Arrow keys, as people know them from tabs.
 *
 * @param {KeyboardEvent} event
 * @param {HTMLElement[]} tabs
 * @param {number} index
 * @param {(index: number) => void} show
 */
function moved(event, tabs, index, show) {
  const forward = getComputedStyle(tabs[0]).direction === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
  const backward = forward === 'ArrowRight' ? 'ArrowLeft' : 'ArrowRight';
  const step = event.key === forward ? 1 : event.key === backward ? -1 : 0;
  if (step !== 0) {
    event.preventDefault();
    const next = (index + step + tabs.length) % tabs.length;
    show(next);
    tabs[next].focus();
  }
}

/**
 * @param {App} app
 * @param {string} kind
 * @param {string} token
 */
function snippet(app, kind, token) {
  const prefix = app.settings.tokenPrefix;
  if (kind === 'env') {
    return `${prefix.toUpperCase().replace(/\W/g, '_')}_API_KEY=${token}`;
  }
  if (kind === 'curl') {
    return `curl ${app.host.apiUrl} \\\n  -H 'Authorization: Bearer ${token}'`;
  }
  const server = { type: 'http', url: app.host.mcpUrl, headers: { Authorization: `Bearer ${token}` } };
  return JSON.stringify({ mcpServers: { [prefix]: server } }, null, 2);
}
