// @ts-check
// What a policy means, in sentences and for each known tool.
import { h } from './dom.js';

/** @typedef {import('./app.js').App} App */
/** @typedef {import('./keys.js').Policy} Policy */

const CALL_TOOLS = 'mcp:tools:call';

/**
 * @param {App} app
 * @param {import('./keys.js').Explanation} explanation
 */
export function meaning(app, explanation) {
  const { texts } = app;
  const tools = explanation.calls.filter((call) => call.method === 'tools/call' && explanation.toolsKnown);
  return [
    h('h3', {}, texts.text('agents.explain')),
    h('p', {}, sentences(app, explanation.policy).join(' ')),
    tools.length > 0 && h('ul', { class: 'tools' }, tools.map((tool) => toolLine(app, tool))),
  ];
}

/**
 * @param {App} app
 * @param {import('./keys.js').ExplainedCall & {denial?: string | null}} tool
 */
function toolLine(app, tool) {
  const { texts } = app;
  const said = tool.allowed ? texts.text('agents.allowed') : texts.word('denial', tool.denial ?? '');
  return h(
    'li',
    { class: tool.allowed ? 'allowed' : 'denied' },
    h('span', { dir: 'auto' }, tool.title || tool.name),
    ' ',
    h('span', { class: 'tag' }, said),
  );
}

/**
 * @param {App} app
 * @param {Policy} policy
 */
function sentences(app, policy) {
  const { texts } = app;
  if (!policy.mcpActive) {
    return [texts.text('explain.paused')];
  }
  if (policy.mcpPreset === 'none') {
    return [texts.text('explain.none')];
  }
  const others = policy.mcpPermissions.filter((permission) => permission !== CALL_TOOLS);
  return [
    toolSentence(app, policy),
    others.length > 0 && texts.text('explain.others', { permissions: texts.list(others.map((name) => lowered(app, name))) }),
    places(app, 'explain.projects', policy.mcpProjectIds),
    places(app, 'explain.instances', policy.mcpInstanceIds),
  ].filter(Boolean);
}

/**
 * @param {App} app
 * @param {Policy} policy
 */
function toolSentence(app, policy) {
  const { texts } = app;
  const tools = policy.mcpToolAllowlist;
  if (!policy.mcpPermissions.includes(CALL_TOOLS) || (policy.mcpAllowlistMode === 'listed' && tools.length === 0)) {
    return texts.text('explain.tools.none');
  }
  if (policy.mcpAllowlistMode === 'all') {
    return texts.text(policy.mcpReadOnly ? 'explain.tools.reading' : 'explain.tools.all');
  }
  const key = policy.mcpReadOnly ? 'explain.tools.listedreading' : 'explain.tools.listed';
  return texts.text(key, { count: tools.length, tools: texts.list(tools) });
}

/**
 * @param {App} app
 * @param {string} key
 * @param {string[]} ids
 */
function places(app, key, ids) {
  return ids.length > 0 && app.texts.text(key, { count: ids.length, ids: app.texts.list(ids) });
}

/**
 * A permission inside a sentence. English begins it small there; German keeps what it has.
 *
 * @param {App} app
 * @param {string} permission
 */
function lowered(app, permission) {
  const text = app.texts.word('permission', permission);
  return app.texts.tag.startsWith('en') ? text[0].toLowerCase() + text.slice(1) : text;
}
