// An agent's session with one of the official TypeScript clients. Prints what became of each step as a line of JSON.
// Usage: node sdk.mjs v1|v2|v2-auto URL [TOKEN]
const [generation, url, token] = process.argv.slice(2);
const { Client } = await import(
  generation === 'v1' ? '@modelcontextprotocol/sdk/client/index.js' : '@modelcontextprotocol/client'
);
const { StreamableHTTPClientTransport } = await import(
  generation === 'v1' ? '@modelcontextprotocol/sdk/client/streamableHttp.js' : '@modelcontextprotocol/client'
);

async function step(name, run) {
  try {
    console.log(JSON.stringify({ step: name, ok: await run() }));
  } catch (error) {
    console.log(JSON.stringify({ step: name, error: error.message, code: error.code, data: error.data }));
  }
}

const names = (list, key = 'name') => list.map((entry) => entry[key]).sort().join(' ');
const options = generation === 'v2-auto' ? { versionNegotiation: { mode: 'auto' } } : {};
const client = new Client({ name: 'test', version: '1' }, options);
const transport = new StreamableHTTPClientTransport(new URL(url), {
  requestInit: { headers: token ? { Authorization: `Bearer ${token}` } : {} },
});

await step('connect', async () => {
  await client.connect(transport);
  return Object.keys(client.getServerCapabilities()).sort().join(' ');
});
await step('tools/list', async () => names((await client.listTools()).tools));
await step('tools/call test_simple_text', async () => {
  const result = await client.callTool({ name: 'test_simple_text', arguments: {} });
  return result.content[0].text;
});
await step('tools/call test_error_handling', async () => {
  const result = await client.callTool({ name: 'test_error_handling', arguments: {} });
  return result.content[0].text;
});
await step('resources/list', async () => names((await client.listResources()).resources, 'uri'));
await step('resources/read', async () => {
  const result = await client.readResource({ uri: 'test://static-text' });
  return result.contents[0].text;
});
await step('prompts/list', async () => names((await client.listPrompts()).prompts));
await step('prompts/get', async () => (await client.getPrompt({ name: 'test_simple_prompt' })).messages.length);
await step('logging/setLevel', async () => Object.keys(await client.setLoggingLevel('info')).length);
await step('close', async () => {
  await client.close();
  return '';
});
process.exit(0);
