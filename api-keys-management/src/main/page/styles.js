// @ts-check
// The look. A style sheet made by script: it needs no inline style, so that a strict policy for content allows it.

const COLOURS = `
:host {
  --accent: var(--api-keys-accent, light-dark(#4350d6, #5463e6));
  --accent-text: var(--api-keys-accent-text, #fff);
  --link: var(--api-keys-link, light-dark(#3a46c4, #a5b0ff));
  --surface: var(--api-keys-surface, light-dark(#fff, #1b1e25));
  --sunken: var(--api-keys-sunken, light-dark(#f6f7f9, #15171d));
  --text: var(--api-keys-text, light-dark(#1a1d26, #eceef3));
  --muted: var(--api-keys-muted, light-dark(#5a6170, #a5adbb));
  --line: var(--api-keys-line, light-dark(#e2e5ea, #31363f));
  --edge: var(--api-keys-edge, light-dark(#858c9a, #767f8e));
  --danger: var(--api-keys-danger, light-dark(#bf2129, #ff9a96));
  --danger-fill: var(--api-keys-danger-fill, light-dark(#bf2129, #c9353c));
  --good: light-dark(#14633b, #7fdca8);
  --good-fill: light-dark(#e2f4ea, #173526);
  --warn: light-dark(#754800, #f4c671);
  --warn-fill: light-dark(#fdf2da, #362a12);
  --bad-fill: light-dark(#fbe9e9, #40201f);
  --grey-fill: light-dark(#eceef2, #2b303a);
  --radius: var(--api-keys-radius, 10px);
  --mono: var(--api-keys-mono, ui-monospace, 'SF Mono', 'Cascadia Mono', 'DejaVu Sans Mono', monospace);
  display: block;
  color: var(--text);
  font: var(--api-keys-font, 400 0.9375rem/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif);
  container: api-keys / inline-size;
  text-align: start;
}
:host([hidden]) { display: none; }
:host([theme='light']) { color-scheme: light; }
:host([theme='dark']) { color-scheme: dark; }
`;

const BASICS = `
*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }
h2, h3, p, ul, ol, dl, dd, fieldset, figure { margin: 0; padding: 0; border: 0; min-inline-size: 0; }
ul, ol { list-style: none; }
h1, h2 { margin: 0; font-size: 1.375rem; line-height: 1.3; font-weight: 650; letter-spacing: -0.01em; overflow-wrap: anywhere; }
h3, .card-name > h2, .state > h2 { letter-spacing: 0; font-size: 1rem; line-height: 1.4; font-weight: 600; overflow-wrap: anywhere; }
code, .code { font-family: var(--mono); font-size: 0.8125rem; }
.icon { inline-size: 1em; block-size: 1em; fill: none; stroke: currentColor; stroke-width: 1.4; stroke-linecap: round; stroke-linejoin: round; flex: none; }
.heard { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
:focus { outline: none; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.title:focus-visible, h2:focus-visible { outline: none; }
button {
  font: inherit; font-weight: 550; line-height: 1.25; color: var(--text); background: none; border: 1px solid transparent; border-radius: calc(var(--radius) * 0.7);
  padding: 0.5rem 0.875rem; min-block-size: 2.25rem; cursor: pointer; display: inline-flex; align-items: center; justify-content: center; gap: 0.4rem;
  transition: background-color 120ms, border-color 120ms;
}
button.primary { background: var(--accent); color: var(--accent-text); }
button.primary:hover { background: color-mix(in oklab, var(--accent) 88%, #000); }
button.primary.danger { background: var(--danger-fill); color: #fff; }
button.primary.danger:hover { background: color-mix(in oklab, var(--danger-fill) 88%, #000); }
button.secondary { border-color: var(--edge); background: var(--surface); }
button.secondary:hover, button.quiet:hover { background: var(--grey-fill); }
button.quiet { padding: 0.25rem 0.625rem; min-block-size: 1.875rem; font-size: 0.875rem; color: var(--link); }
button.quiet.danger { color: var(--danger); }
button.quiet.danger:hover { background: var(--bad-fill); }
button[aria-busy='true'] { opacity: 0.7; cursor: progress; }
button[aria-disabled='true'] { color: var(--muted); cursor: not-allowed; }
@media (forced-colors: active) { button { border-color: ButtonText; } }
@media (prefers-reduced-motion: reduce) { *, *::before, *::after { animation: none !important; transition: none !important; } }
`;

const LIST = `
.head { display: flex; flex-wrap: wrap; gap: 1rem 2rem; align-items: flex-end; justify-content: space-between; margin-block-end: 1.25rem; }
.head-text { flex: 1 1 20rem; max-inline-size: 62ch; }
.head-text p { color: var(--muted); margin-block-start: 0.25rem; }
.head-actions { display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; align-items: center; }
.allowance { color: var(--muted); font-size: 0.875rem; }
.allowance:empty, .count:empty, .flash:empty, .range:empty { display: none; }
.panel { background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); overflow: clip; }
.toolbar { display: flex; flex-wrap: wrap; gap: 0.75rem; padding: 1rem 1.25rem 0; align-items: flex-end; }
.toolbar label { display: block; font-size: 0.8125rem; font-weight: 550; margin-block-end: 0.25rem; }
.toolbar .grow { flex: 1 1 14rem; }
.search { position: relative; }
.search .icon { position: absolute; inset-inline-start: 0.7rem; inset-block-start: 50%; translate: 0 -50%; color: var(--muted); }
.count { padding: 0.75rem 1.25rem 0.75rem; color: var(--muted); font-size: 0.875rem; border-block-end: 1px solid var(--line); }
.counts { display: flex; justify-content: space-between; border-block-end: 1px solid var(--line); }
.counts .count { border: 0; }
.range { padding: 0.75rem 1.25rem; color: var(--muted); font-size: 0.875rem; font-variant-numeric: tabular-nums; }
.card { padding: 1.125rem 1.25rem 0.75rem; }
.card + .card { border-block-start: 1px solid var(--line); }
.card-head { display: flex; flex-wrap: wrap; gap: 0.125rem 0.75rem; align-items: center; justify-content: space-between; }
.card-name { display: flex; flex-wrap: wrap; gap: 0.375rem 0.625rem; align-items: center; }
.identifier { color: var(--muted); overflow-wrap: anywhere; direction: ltr; unicode-bidi: isolate; }
.badge, .tag { display: inline-block; font-size: 0.75rem; font-weight: 600; line-height: 1.25rem; padding: 0 0.5rem; border-radius: 1rem; background: var(--grey-fill); color: var(--muted); white-space: nowrap; }
.badge.active { background: var(--good-fill); color: var(--good); }
.badge.paused { background: var(--warn-fill); color: var(--warn); }
.badge.revoked { background: var(--bad-fill); color: light-dark(#a0181f, #ffb1ad); }
.badge.expired { color: light-dark(#4a5160, #c3c9d4); }
.facts { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 0.75rem 1.25rem; margin-block: 0.75rem 0.5rem; }
.fact dt { color: var(--muted); font-size: 0.8125rem; }
.fact dd { overflow-wrap: anywhere; }
.fact .more, .more { display: block; color: var(--muted); font-size: 0.8125rem; }
.more summary { cursor: pointer; color: var(--link); }
.remark { font-size: 0.875rem; color: var(--warn); margin-block-end: 0.375rem; }
.card-actions { display: flex; flex-wrap: wrap; gap: 0.125rem; margin-inline: -0.625rem; }
.card-actions .danger { margin-inline-start: auto; }
:is(.card.revoked, .card.expired) :is(h2, h3) { color: var(--muted); font-weight: 550; }
.more-keys { padding: 1rem; text-align: center; border-block-start: 1px solid var(--line); }
.state { display: grid; justify-items: center; gap: 0.5rem; text-align: center; padding: 3rem 1.5rem; }
.state > .icon { inline-size: 2.5rem; block-size: 2.5rem; padding: 0.6rem; border-radius: 50%; background: var(--grey-fill); color: var(--muted); }
.state p { max-inline-size: 52ch; color: var(--muted); }
.state button { margin-block-start: 0.5rem; }
.notice { display: flex; gap: 0.75rem; padding: 0.75rem 1rem; margin-block-end: 1rem; background: var(--warn-fill); color: var(--warn); border-radius: var(--radius); font-size: 0.875rem; overflow-wrap: anywhere; }
.notice > div { min-inline-size: 0; }
.notice .icon { inline-size: 1.125rem; block-size: 1.125rem; margin-block-start: 0.1rem; }
.notice p + p { margin-block-start: 0.25rem; }
.flash { padding: 0.75rem 1rem; margin-block-end: 1rem; background: var(--bad-fill); color: light-dark(#8f151b, #ffc1be); border-radius: var(--radius); }
.toast { position: fixed; inset-block-end: 1.25rem; inset-inline: 1rem; margin-inline: auto; inline-size: fit-content; max-inline-size: calc(100% - 2rem); padding: 0.625rem 1rem; border-radius: var(--radius); background: light-dark(#1f232d, #eceef3); color: light-dark(#fff, #1a1d26); font-size: 0.875rem; box-shadow: 0 6px 24px rgb(0 0 0 / 0.2); pointer-events: none; z-index: 1; overflow-wrap: anywhere; }
.toast:empty { display: none; }
.bones { display: grid; gap: 1.25rem; padding: 1.5rem 1.25rem; }
.bone { display: block; block-size: 0.875rem; border-radius: 0.4rem; background: var(--grey-fill); animation: breathe 1.6s ease-in-out infinite; inline-size: 70%; }
.bone:nth-child(even) { inline-size: 45%; }
.phase { padding: 0 1.25rem 1.25rem; color: var(--muted); }
@keyframes breathe { 50% { opacity: 0.5; } }
`;

const DIALOGS = `
dialog { color: var(--text); background: var(--surface); border: 1px solid var(--line); border-radius: calc(var(--radius) * 1.3); padding: 1.5rem; inline-size: min(32rem, calc(100vw - 1.5rem)); max-block-size: calc(100dvh - 1.5rem); overflow: auto; box-shadow: 0 20px 60px rgb(0 0 0 / 0.3); }
dialog.wide { inline-size: min(42rem, calc(100vw - 1.5rem)); }
dialog::backdrop { background: rgb(12 14 20 / 0.55); }
dialog[open] { animation: rise 140ms ease-out; }
@keyframes rise { from { opacity: 0; translate: 0 6px; } }
.dialog-body { display: grid; gap: 0.875rem; margin-block-start: 0.625rem; grid-template-columns: minmax(0, 1fr); }
.dialog-body > p { color: var(--muted); overflow-wrap: anywhere; }
.dialog-body > p strong { color: var(--text); }
form { display: grid; gap: 1.125rem; grid-template-columns: minmax(0, 1fr); }
.actions { display: flex; flex-wrap: wrap; gap: 0.625rem; justify-content: flex-end; margin-block-start: 0.375rem; }
.form-alert:empty { display: none; }
.form-alert { background: var(--bad-fill); color: light-dark(#8f151b, #ffc1be); border-radius: calc(var(--radius) * 0.8); padding: 0.625rem 0.875rem; font-size: 0.875rem; }
.caution { background: var(--warn-fill); color: var(--warn) !important; padding: 0.625rem 0.875rem; border-radius: calc(var(--radius) * 0.8); font-size: 0.875rem; }
label, legend { font-weight: 550; overflow-wrap: anywhere; padding: 0; }
.field > label, legend { display: block; }
.hint { color: var(--muted); font-size: 0.8125rem; }
.wrong { color: var(--danger); font-size: 0.8125rem; font-weight: 550; margin-block-start: 0.25rem; }
.wrong:empty { display: none; }
input, textarea, select { font: inherit; color: inherit; accent-color: var(--accent); }
input:not([type='checkbox'], [type='radio']), textarea, select { inline-size: 100%; min-block-size: 2.25rem; padding: 0.375rem 0.625rem; border: 1px solid var(--edge); border-radius: calc(var(--radius) * 0.7); background: var(--surface); margin-block-start: 0.25rem; }
.toolbar input, .toolbar select { margin: 0 !important; }
.search input[type='search'][id] { padding-inline-start: 2.2rem; }
textarea { resize: vertical; line-height: 1.5; }
textarea.code { font-family: var(--mono); font-size: 0.8125rem; }
[aria-invalid='true'] { border-color: var(--danger) !important; }
::placeholder { color: var(--muted); opacity: 1; }
.choices { display: grid; gap: 0.625rem; margin-block-start: 0.375rem; }
.choice { display: grid; grid-template-columns: 1.25rem minmax(0, 1fr); column-gap: 0.5rem; align-items: start; }
.choice input, .check input { inline-size: 1.125rem; block-size: 1.125rem; margin: 0.2rem 0 0; }
.choice label { font-weight: 500; }
.choice .hint { grid-column: 2; }
.checks { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; margin-block-start: 0.375rem; align-items: baseline; }
.group { font-weight: 600; font-size: 0.875rem; flex: 0 0 100%; }
.check { display: inline-flex; gap: 0.5rem; align-items: start; min-block-size: 1.5rem; }
.check label { font-weight: 450; }
.pair { display: grid; gap: 0.75rem; grid-template-columns: repeat(auto-fit, minmax(min(12rem, 100%), 1fr)); }
.nested { display: grid; gap: 1rem; padding-inline-start: 1rem; border-inline-start: 3px solid var(--line); }
.meaning { background: var(--sunken); border-radius: calc(var(--radius) * 0.8); padding: 0.75rem 0.875rem; font-size: 0.875rem; overflow-wrap: anywhere; }
.meaning h3 { font-size: 0.875rem; }
@media (min-width: 56rem) {
  dialog.agents { inline-size: min(58rem, calc(100vw - 1.5rem)); }
  .agents form { grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); column-gap: 1.75rem; align-items: start; }
  .agents form > * { grid-column: 1; }
  .agents form > .meaning { grid-column: 2; grid-row: 2 / span 8; position: sticky; inset-block-start: 0; }
  .agents form > :is(.form-alert, .actions) { grid-column: 1 / -1; }
}
.tools { display: grid; gap: 0.25rem; margin-block-start: 0.5rem; }
.tools .tag { white-space: normal; border-radius: 0.625rem; }
.tools .allowed .tag { background: var(--good-fill); color: var(--good); }
.token { border-block-start: 4px solid var(--accent); }
.token .lead { color: var(--text); }
.token-box { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0 0.75rem; align-items: center; background: var(--sunken); border: 1px solid var(--line); border-radius: var(--radius); padding: 0.875rem 1rem; }
.token-box label { grid-column: 1 / -1; }
textarea.token-value { font-size: 0.9375rem; word-break: break-all; resize: none; field-sizing: content; background: none; border: 0; padding-inline: 0; }
.usage { border: 1px solid var(--line); border-radius: var(--radius); overflow: clip; }
.tabs { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: center; padding-inline: 0.5rem; border-block-end: 1px solid var(--line); }
[role='tab'] { border-radius: 0; border-block-end: 2px solid transparent; font-size: 0.875rem; color: var(--muted); min-block-size: 2.5rem; }
[role='tab'][aria-selected='true'] { color: var(--text); border-block-end-color: var(--accent); }
[role='tab']:focus-visible, .snippet:focus-visible { outline-offset: -3px; }
.snippet { padding: 0.75rem 1rem; overflow: auto; max-block-size: 19rem; }
.snippet pre { margin: 0; white-space: pre-wrap; word-break: break-all; text-align: left; direction: ltr; }
.copy { display: inline-flex; align-items: center; gap: 0.5rem; }
.trail { display: grid; }
.trail li { padding: 0.625rem 0 0.625rem 0; border-block-end: 1px solid var(--line); overflow-wrap: anywhere; }
.trail .refused strong { color: var(--danger); }
.trail .more time { display: inline; }
.trail-foot { text-align: center; color: var(--muted); }
.report { max-block-size: 12rem; overflow: auto; border: 1px solid var(--line); border-radius: calc(var(--radius) * 0.8); padding: 0.5rem 0.875rem; }
progress { inline-size: 100%; accent-color: var(--danger-fill); block-size: 0.75rem; }
`;

const TABLE = `
.selection { display: flex; flex-wrap: wrap; align-items: center; gap: 0.25rem 0.75rem; padding: 0.5rem 1.25rem; min-block-size: 3.25rem; border-block-end: 1px solid var(--line); background: var(--sunken); }
.selection:empty { display: none; }
.selection p { font-weight: 550; }
.selection .primary { margin-inline-start: auto; }
.selection > .quiet { margin-inline-start: -0.625rem; }
.window { position: relative; overflow: auto; block-size: min(34rem, 75vh); overscroll-behavior: contain; scrollbar-gutter: stable; }
.window:focus-visible { outline-offset: -2px; }
.window-head { position: sticky; inset-block-start: 0; z-index: 1; background: var(--surface); border-block-end: 1px solid var(--line); }
.window-space { position: relative; }
.window-space { contain: layout; }
.window-space .row { position: absolute; inset-inline: 0; contain: strict; }
.row { display: grid; grid-template-columns: 1.5rem minmax(0, 2.4fr) minmax(0, 1.5fr) 6rem 6.25rem 6.25rem 9.5rem; gap: 0 0.75rem; align-items: center; padding-inline: 1.25rem; block-size: 3.75rem; border-block-end: 1px solid var(--line); }
.row > * { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; min-inline-size: 0; }
.head-row { block-size: 2.5rem; border: 0; color: var(--muted); font-size: 0.8125rem; font-weight: 550; }
.cell-key strong, .cell-key code { display: block; overflow: hidden; text-overflow: ellipsis; font-weight: 550; }
.cell-key code { color: var(--muted); direction: ltr; text-align: start; font-weight: 400; }
.cell-select { overflow: visible !important; }
.cell-select input { inline-size: 1.125rem; block-size: 1.125rem; margin: 0; display: block; }
.cell-actions { text-align: end; overflow: visible !important; }
.window-space :is(.cell-owner, .cell-used, .cell-expires) { font-size: 0.875rem; }
.narrow { display: none; }
.row.revoked strong, .row.expired strong { color: var(--muted); }
`;

const NARROW = `
@container api-keys (max-width: 52rem) {
  .facts { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .row { grid-template-columns: 1.5rem minmax(0, 1fr) auto; grid-template-rows: auto auto auto; align-content: center; block-size: 8.5rem; gap: 0.125rem 0.75rem; }
  .cell-select { grid-area: 1 / 1; }
  .cell-key { grid-area: 1 / 2 / 2 / 3; }
  .cell-status { grid-area: 1 / 3; }
  .cell-owner { grid-area: 2 / 2 / 3 / 4; color: var(--muted); }
  .cell-used { grid-area: 3 / 2 / 4 / 4; }
  .cell-actions { grid-area: 4 / 1 / 5 / 4; }
  .narrow { display: inline; }
  .cell-expires { display: none; }
  .head-row { display: none; }
}
@container api-keys (max-width: 30rem) {
  .facts { grid-template-columns: minmax(0, 1fr); gap: 0.5rem; }
  .fact { display: grid; grid-template-columns: minmax(0, 2fr) minmax(0, 3fr); gap: 0 0.75rem; }
  .toolbar, .count, .card, .range { padding-inline: 1rem; }
  .toolbar > div { flex: 1 1 100%; }
  .card-actions .danger { margin-inline-start: 0; }
  .head-actions { inline-size: 100%; justify-content: space-between; }
}
@media (max-width: 30rem) {
  dialog { padding: 1.125rem; }
  .token-box { grid-template-columns: minmax(0, 1fr); gap: 0.5rem; }
  .actions button { flex: 1 1 auto; }
}
`;

/** @type {CSSStyleSheet | undefined} */
let sheet;

/** The style sheet, one for all elements of a page. */
export function styles() {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync([COLOURS, BASICS, LIST, DIALOGS, TABLE, NARROW].join('\n'));
  }
  return sheet;
}
