// An agent's day with a key that may only read: it mints the key as alice, sees two tools of four, calls one, is refused
// another, is paused, and goes on. Ends with 1 when anything is not as it should be.
import assert from 'node:assert/strict';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const base = process.env.BASE_URL ?? 'http://127.0.0.1:8080';

async function call(method, path, credential, body) {
  const response = await fetch(base + path, {
    method,
    headers: {
      'Content-Type': 'application/json',
      ...(credential && { Authorization: `Bearer ${credential}` }),
    },
    body: body && JSON.stringify(body),
  });
  const text = await response.text();
  assert.ok(response.ok, `${method} ${path} answered ${response.status}: ${text}`);
  return JSON.parse(text);
}

/** The key of MCP_KEY, or a new one, and how to pause it where this script made it. */
async function obtainKey() {
  if (process.env.MCP_KEY) {
    return { key: process.env.MCP_KEY };
  }
  const { session } = await call('POST', '/login', undefined, { username: 'alice', password: 'alice-password' });
  const { apiKey, key } = await call('POST', '/api/api-keys', session, {
    name: 'An agent that looks',
    permissions: ['read:systems'],
    mcpActive: true,
    mcpPreset: 'custom',
    mcpReadOnly: true,
    mcpAllowlistMode: 'listed',
    mcpToolAllowlist: ['systems_*'],
    mcpPermissions: ['mcp:tools:call', 'mcp:resources:read'],
  });
  return { key, toggle: (active) => call('PATCH', `/api/api-keys/${apiKey.id}/toggle`, session, { active }) };
}

const { key, toggle } = await obtainKey();
const client = new Client({ name: 'quickstart-agent', version: '1.0.0' });
await client.connect(
  new StreamableHTTPClientTransport(new URL('/mcp', base), {
    requestInit: { headers: { Authorization: `Bearer ${key}` } },
  }),
);

const { tools } = await client.listTools();
assert.deepEqual(tools.map((tool) => tool.name).sort(), ['systems_get', 'systems_list']);
console.log('sees', tools.map((tool) => tool.name).join(', '));

const list = () => client.callTool({ name: 'systems_list', arguments: {} });
console.log('systems_list:', (await list()).content[0].text);

await assert.rejects(client.callTool({ name: 'systems_delete', arguments: { id: '1' } }), /only read/);
console.log('systems_delete: refused');

assert.deepEqual((await client.listPrompts()).prompts, []);
await assert.rejects(client.getPrompt({ name: 'systems_check' }), /lacks the permission mcp:prompts:get/);
const { resources } = await client.listResources();
assert.equal(resources.length, 1);

const self = await call('GET', '/mcp/self', key);
assert.equal(self.mcpReadOnly, true);
assert.deepEqual(self.tools.map((tool) => tool.name), ['systems_get', 'systems_list']);

if (toggle) {
  await toggle(false);
  await assert.rejects(list(), /paused/);
  await toggle(true);
  await list();
  console.log('paused: refused; resumed: works');
}
await client.close();
