// @ts-check
// The policy for agents as a form, with what it means in words.
import { fill, h } from './dom.js';
import { reveal, sent } from './change-dialog.js';
import { Dialog, Form } from './dialog.js';
import { checkField, checksField, choiceField, linesField } from './fields.js';
import { proofField, proofOf } from './proof-field.js';
import { meaning } from './agents-meaning.js';
import { problemOf } from './wire.js';

/** @typedef {import('./app.js').App} App */
/** @typedef {import('./keys.js').Key} Key */
/** @typedef {import('./keys.js').Policy} Policy */
/** @typedef {import('./keys.js').Explanation} Explanation */
/** @typedef {import('./dialog.js').Control} Control */

const PRESETS = ['none', 'read_only', 'standard', 'full', 'custom'];
const PAUSE_MILLIS = 250;

/** With what an own choice begins. @type {Partial<Policy>} */
const OWN_CHOICE = { mcpPreset: 'custom' };

/**
 * @param {App} app
 * @param {Key} key
 */
export async function openAgents(app, key) {
  const { texts } = app;
  const dialog = new Dialog(app, { title: texts.text('agents.title', { name: key.name }), wide: true, from: `agents:${key.id}` });
  dialog.node.classList.add('agents');
  dialog.show(h('p', { role: 'status' }, texts.text('admin.loading')));
  try {
    const [explanation, own] = await Promise.all([app.endpoints.explain(key, {}), app.endpoints.explain(key, OWN_CHOICE)]);
    const form = new AgentsForm(app, dialog, key, { explanation, own: own.policy });
    dialog.show(h('p', {}, texts.text('agents.text')), form.node);
  } catch (failure) {
    dialog.fail(failure, () => (dialog.close(), openAgents(app, key)));
  }
}

/** The form. Each change is explained by the server, which decides by the same rules about the agents' calls. */
class AgentsForm {
  /**
   * @param {App} app
   * @param {Dialog} dialog
   * @param {Key} key
   * @param {{explanation: Explanation, own: Policy}} meant the policy as it is, and with what an own choice begins
   */
  constructor(app, dialog, key, { explanation, own }) {
    this.app = app;
    this.key = key;
    this.timer = 0;
    this.attempt = 0;
    /** The policy as the server has it now, and not as the list had it. */
    this.present = explanation.policy;
    this.words = h('div', { class: 'meaning', role: 'status' });
    const { present } = this;
    const fields = present.mcpPreset === 'custom' ? present : { ...present, ...ownChoice(own) };
    this.controls = this.#controls(fields, explanation);
    this.own = h('div', { class: 'nested' }, CUSTOM.map((name) => this.controls[name]?.node));
    const proof = proofField(app);
    proof?.node.toggleAttribute('hidden', true);
    const late = proof && { ...proof, fail: (/** @type {string} */ text) => reveal(proof, text) };
    const form = new Form(app, { ...this.#outer(), proof: late }, {
      submit: app.texts.text('action.save'),
      cancel: () => dialog.close(),
      note: this.words,
      send: async () => {
        const asked = proof && !proof.node.hasAttribute('hidden');
        const changed = await sent(app, key, { policy: this.#policy(), proof: asked ? await proofOf(app, proof, 'change') : {} });
        dialog.close();
        await app.done('changed', changed);
        app.focus(`agents:${key.id}`);
      },
    });
    this.node = form.node;
    this.node.addEventListener('input', () => this.#changed());
    this.#arrange();
    fill(this.words, meaning(app, explanation));
  }

  /**
   * @param {Policy} policy
   * @param {Explanation} explanation
   * @returns {Record<string, Control | null>}
   */
  #controls(policy, explanation) {
    const { app } = this;
    const { texts } = app;
    const tools = explanation.calls.filter((call) => call.method === 'tools/call' && explanation.toolsKnown);
    const known = tools.map((tool) => /** @type {string} */ (tool.name));
    const hint = (/** @type {string} */ key) => ({ label: texts.text(key), hint: texts.text(`${key}.hint`) });
    return {
      mcpActive: checkField(app, { ...hint('agents.active'), value: policy.mcpActive }),
      mcpPreset: choiceField(app, { label: texts.text('agents.legend'), value: policy.mcpPreset, choices: PRESETS.map((preset) => ({ value: preset, ...hint(`preset.${preset}`) })) }),
      mcpReadOnly: checkField(app, { ...hint('agents.readonly'), value: policy.mcpReadOnly }),
      mcpAllowlistMode: choiceField(app, { label: texts.text('agents.tools'), value: policy.mcpAllowlistMode, choices: ['all', 'listed'].map((mode) => ({ value: mode, label: texts.text(`agents.tools.${mode}`) })) }),
      knownTools: known.length === 0 ? null : checksField(app, { label: texts.text('agents.tools.known'), values: policy.mcpToolAllowlist, groups: [{ label: '', choices: tools.map((tool) => toolChoice(app, tool)) }] }),
      mcpToolAllowlist: linesField(app, { ...hint('agents.tools.list'), values: policy.mcpToolAllowlist.filter((tool) => !known.includes(tool)) }),
      mcpPermissions: checksField(app, { label: texts.text('agents.permissions'), values: policy.mcpPermissions, groups: [{ label: '', choices: explanation.permissions.map((permission) => ({ value: permission, label: texts.word('permission', permission) })) }] }),
      mcpProjectIds: linesField(app, { label: texts.text('agents.projects'), hint: texts.text('agents.ids.hint'), values: policy.mcpProjectIds, input: { rows: 2 } }),
      mcpInstanceIds: linesField(app, { label: texts.text('agents.instances'), hint: texts.text('agents.ids.hint'), values: policy.mcpInstanceIds, input: { rows: 2 } }),
    };
  }

  /** In the order in which they are shown; the fields of an own choice stand in one place. */
  #outer() {
    const { mcpActive, mcpPreset, mcpProjectIds, mcpInstanceIds } = this.controls;
    const inner = /** @type {Control} */ ({ node: this.own, value: () => null, fail: () => {}, focus: () => {} });
    const fields = Object.fromEntries(CUSTOM.map((name) => [name, this.controls[name] && { ...this.controls[name], node: null }]));
    return /** @type {any} */ ({ mcpActive, mcpPreset, inner, ...fields, mcpProjectIds, mcpInstanceIds });
  }

  #arrange() {
    const custom = this.#value('mcpPreset') === 'custom';
    this.own.toggleAttribute('hidden', !custom);
    const listed = this.#value('mcpAllowlistMode') === 'listed';
    this.controls.knownTools?.node.toggleAttribute('hidden', !listed);
    this.controls.mcpToolAllowlist?.node.toggleAttribute('hidden', !listed);
  }

  #changed() {
    this.#arrange();
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.#explain(), PAUSE_MILLIS);
  }

  async #explain() {
    this.attempt += 1;
    const attempt = this.attempt;
    const lines = await this.#lines();
    if (attempt === this.attempt) {
      fill(this.words, ...lines); // Else somebody chose something else meanwhile.
    }
  }

  async #lines() {
    try {
      return meaning(this.app, await this.app.endpoints.explain(this.key, this.#policy()));
    } catch (failure) {
      return this.app.problems.lines(problemOf(failure));
    }
  }

  /** @param {string} name */
  #value(name) {
    return this.controls[name]?.value();
  }

  /**
   * @returns {Partial<Policy>} only what differs, so that what somebody else changes meanwhile is kept; a preset fixes the
   *   fields of an own choice, so that these are not sent with it
   */
  #policy() {
    const { present } = this;
    const chosen = {
      mcpActive: this.#value('mcpActive'),
      mcpPreset: this.#value('mcpPreset'),
      mcpProjectIds: this.#value('mcpProjectIds'),
      mcpInstanceIds: this.#value('mcpInstanceIds'),
    };
    if (chosen.mcpPreset !== 'custom') {
      return differing(chosen, present);
    }
    const own = {
      mcpReadOnly: this.#value('mcpReadOnly'),
      mcpAllowlistMode: this.#value('mcpAllowlistMode'),
      mcpToolAllowlist: [...(this.#value('knownTools') ?? []), ...this.#value('mcpToolAllowlist')],
      mcpPermissions: this.#value('mcpPermissions'),
    };
    return present.mcpPreset === 'custom'
      ? differing({ ...chosen, ...own }, present)
      : { ...differing(chosen, present), ...own };
  }
}

/**
 * @param {Partial<Policy>} chosen
 * @param {Policy} present
 * @returns {Partial<Policy>}
 */
function differing(chosen, present) {
  const text = (/** @type {unknown} */ value) => JSON.stringify(Array.isArray(value) ? [...value].sort() : value);
  return Object.fromEntries(
    Object.entries(chosen).filter(([name, value]) => text(value) !== text(/** @type {any} */ (present)[name])),
  );
}

/** @param {Policy} own with what an own choice begins */
function ownChoice({ mcpReadOnly, mcpAllowlistMode, mcpToolAllowlist, mcpPermissions }) {
  return { mcpReadOnly, mcpAllowlistMode, mcpToolAllowlist, mcpPermissions };
}

const CUSTOM = ['mcpReadOnly', 'mcpAllowlistMode', 'knownTools', 'mcpToolAllowlist', 'mcpPermissions'];

/**
 * @param {App} app
 * @param {import('./keys.js').ExplainedCall} tool
 */
function toolChoice(app, tool) {
  const badge = app.texts.text(tool.readOnly ? 'agents.tools.reads' : 'agents.tools.writes');
  return { value: /** @type {string} */ (tool.name), label: tool.title || tool.name || '', badge };
}
