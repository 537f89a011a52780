// The life of API keys in all families, as a client sees it that was generated from docs/openapi.yaml.
import createClient from "openapi-fetch";
import type { paths } from "./api.js";

const baseUrl = process.argv[2] ?? "http://127.0.0.1:8080";

/** A client that sends this with each call. */
const client = (headers: Record<string, string>) => createClient<paths>({ baseUrl, headers });

/** A session of the application. How people log in is the application's and not in the document. */
async function session(username: string) {
  const response = await fetch(`${baseUrl}/login`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ username, password: `${username}-password` }),
  });
  const { session } = (await response.json()) as { session: string };
  return client({ Authorization: `Bearer ${session}` });
}

/** The body of an answer with the status that was expected. */
function expect<T>(status: number, what: string, answer: { data?: T; error?: unknown; response: Response }): T {
  if (answer.response.status !== status) {
    throw new Error(`${what}: ${answer.response.status} ${JSON.stringify(answer.error)}, expected ${status}`);
  }
  console.log(`  ${what}: ${status}`);
  return answer.data as T;
}

/** What the application answers to a call of its own API with a key. */
async function use(token: string) {
  const response = await fetch(`${baseUrl}/api/whoami`, { headers: { "X-API-Key": token } });
  await response.text();
  return { response };
}

async function personalKeys() {
  console.log("A: personal keys of alice");
  const alice = await session("alice");
  const body = { name: `Life ${Date.now()}`, mode: "read", password: "alice-password" } as const;

  const document = expect(200, "the document", await client({}).GET("/me/api-keys/openapi.json"));
  console.log(`  OpenAPI ${document["openapi"]}`);
  const wrong = await alice.POST("/me/api-keys", { body: { ...body, password: "guess" } });
  expect(400, "create with a wrong password", wrong);
  const { data: created } = expect(201, "create", await alice.POST("/me/api-keys", { body }));
  expect(200, "use", await use(created.token));
  const { data: list } = expect(200, "list", await alice.GET("/me/api-keys"));
  if (!list.api_keys.some((key) => key.id === created.id)) {
    throw new Error("the new key is not in the list");
  }
  const path = { id: created.id };
  const { data: settings } = expect(200, "settings", await alice.GET("/me/api-keys/settings"));
  console.log(`  revoked everywhere within ${settings.revoked_everywhere_within_seconds} s`);
  const at = { params: { path } };
  const password = body.password;
  const wider = await alice.PATCH("/me/api-keys/{id}", { ...at, body: { mode: "write" } });
  expect(400, "widen without a password", wider);
  const narrow = { name: `${body.name}, renamed`, allowed_from: ["127.0.0.0/8", "::1"] };
  const { data: changed } = expect(200, "change", await alice.PATCH("/me/api-keys/{id}", { ...at, body: narrow }));
  console.log(`  usable from ${changed.allowed_from.join(", ")}`);
  expect(200, "pause", await alice.POST("/me/api-keys/{id}/pause", at));
  expect(401, "use while paused", await use(created.token));
  const paused = { params: { query: { status: "paused", search: narrow.name, sort_by: "name" } } } as const;
  const { data: found } = expect(200, "list what is paused", await alice.GET("/me/api-keys", paused));
  console.log(`  found ${found.pagination?.total_count}`);
  expect(200, "resume", await alice.POST("/me/api-keys/{id}/resume", at));
  const { data: rotated } = expect(
    200,
    "rotate",
    await alice.POST("/me/api-keys/{id}/rotate", { ...at, body: { password, grace_hours: 0 } }),
  );
  expect(401, "use the old token", await use(created.token));
  expect(200, "use the new token", await use(rotated.token));
  expect(200, "revoke", await alice.DELETE("/me/api-keys/{id}", { params: { path } }));
  expect(404, "revoke once more", await alice.DELETE("/me/api-keys/{id}", { params: { path } }));
  expect(401, "use after that", await use(rotated.token));
  const query = { api_key_id: created.id, page_size: 10 };
  const { data: trail } = expect(200, "audit", await alice.GET("/me/api-keys/audit", { params: { query } }));
  console.log(`  events: ${trail.audit.map((entry) => entry.event).join(", ")}`);
}

async function workspaceKeys() {
  console.log("B: workspace keys of alice");
  const mount = "/api/v1/user/api-keys";
  const alice = await session("alice");

  const scopes = expect(200, "scopes", await alice.GET(`${mount}/scopes`));
  console.log(`  grantable: ${scopes.map((scope) => `${scope.resource} ${scope.actions.join("/")}`).join(", ")}`);
  const body = { name: `Life ${Date.now()}`, allow_self_revoke: true };
  const created = expect(201, "create", await alice.POST(mount, { body }));
  expect(409, "create with the same name", await alice.POST(mount, { body }));
  expect(200, "use", await use(created.key));
  const list = expect(200, "list", await alice.GET(mount));
  console.log(`  listed as ${list.find((key) => key.id === created.id)?.masked_key}`);
  expect(401, "self-revoke in a session", await alice.DELETE(`${mount}/self`));
  expect(204, "self-revoke", await client({ "X-API-Key": created.key }).DELETE(`${mount}/self`));
  expect(401, "use after that", await use(created.key));

  const other = expect(201, "create without a name", await alice.POST(mount, { body: {} }));
  const path = { id: other.id };
  const byKey = client({ Authorization: `Bearer ${other.key}` });
  expect(403, "self-revoke where it is not allowed", await byKey.DELETE(`${mount}/self`));
  const at = { params: { path } };
  expect(200, "pause", await alice.POST(`${mount}/{id}/pause`, at));
  expect(200, "resume", await alice.POST(`${mount}/{id}/resume`, at));
  const change = { allowed_scopes: ["read:systems"], expires_at: new Date(Date.now() + 3_600_000).toISOString() };
  const changed = expect(200, "change", await alice.PATCH(`${mount}/{id}`, { ...at, body: change }));
  console.log(`  ${changed.status}, ${changed.allowed_scopes.join(" ")}`);
  const rotated = expect(200, "rotate", await alice.POST(`${mount}/{id}/rotate`, at));
  expect(200, "use the new token", await use(rotated.key));
  expect(200, "use the old token within the grace", await use(other.key));
  const page = await alice.GET(mount, { params: { query: { page: 1, page_size: 1, status: "active" } } });
  expect(200, "list a page", page);
  console.log(`  1 of ${page.response.headers.get("X-Total-Count")}`);
  const trail = expect(200, "audit", await alice.GET(`${mount}/{id}/audit`, at));
  console.log(`  events: ${trail.map((entry) => entry.event).join(", ")}`);
  expect(200, "settings", await alice.GET(`${mount}/settings`));
  expect(204, "revoke", await alice.DELETE(`${mount}/{id}`, { params: { path } }));
}

async function tenantKeys() {
  console.log("C: keys of alice's organization");
  const mount = "/api/api-keys";
  const alice = await session("alice");
  const body = { name: `Life ${Date.now()}`, permissions: ["read:systems"], mcpPreset: "read_only" as const };

  const { apiKey, key } = expect(201, "create", await alice.POST(mount, { body }));
  const params = { path: { id: apiKey.id } };
  expect(200, "list", await alice.GET(mount));
  expect(200, "read", await alice.GET(`${mount}/{id}`, { params }));
  expect(404, "read from another organization", await (await session("carol")).GET(`${mount}/{id}`, { params }));
  const renamed = { name: `${apiKey.name}, renamed` };
  expect(200, "update", await alice.PATCH(`${mount}/{id}`, { params, body: renamed }));
  const put = expect(200, "update by PUT", await alice.PUT(`${mount}/{id}`, { params, body: { mcpPreset: "standard" } }));
  if (put.apiKey.name !== renamed.name || put.apiKey.mcpPreset !== "standard") {
    throw new Error("the changes did not both stay");
  }
  const paused = expect(200, "toggle", await alice.PATCH(`${mount}/{id}/toggle`, { params }));
  const set = { params, body: { active: true } };
  const resumed = expect(200, "toggle to true", await alice.PATCH(`${mount}/{id}/toggle`, set));
  const explained = expect(200, "explain", await alice.POST(`${mount}/mcp/explain`, { body: { mcpPreset: "read_only" } }));
  for (const call of explained.calls.slice(0, 2)) {
    console.log(`  ${call.name}: ${call.explanation}`);
  }
  const { scopes } = expect(200, "scopes", await alice.GET(`${mount}/scopes`));
  console.log(`  grantable: ${scopes.map((scope) => `${scope.resource} ${scope.actions.join("/")}`).join(", ")}`);
  expect(200, "pause", await alice.POST(`${mount}/{id}/pause`, { params }));
  expect(200, "resume", await alice.POST(`${mount}/{id}/resume`, { params }));
  const rotated = expect(200, "rotate", await alice.POST(`${mount}/{id}/rotate`, { params, body: { graceHours: 1 } }));
  const own = expect(200, "settings", await alice.GET(`${mount}/settings`));
  console.log(`  at most ${own.settings.maxActiveKeys} active keys`);
  console.log(`  mcpActive: ${apiKey.mcpActive}, ${paused.apiKey.mcpActive}, ${resumed.apiKey.mcpActive}`);
  expect(200, "use", await use(key));
  expect(200, "use the new token", await use(rotated.key));

  console.log("C: all keys, for the administrator");
  const admin = "/api/admin/api-keys";
  const root = await session("root");
  expect(403, "list by alice", await alice.GET(admin));
  const query = { search: renamed.name, limit: 5 };
  const found = expect(200, "search", await root.GET(admin, { params: { query } }));
  console.log(`  found ${found.total}: ${found.apiKeys.map((each) => each.name).join(", ")}`);
  expect(200, "settings", await root.GET(`${admin}/settings`));
  expect(200, "revoke", await root.DELETE(`${admin}/{id}`, { params }));
  const trail = expect(200, "audit", await root.GET(`${admin}/{id}/audit`, { params }));
  console.log(`  events: ${trail.audit.map((entry) => entry.event).join(", ")}`);
  expect(404, "revoke by alice, after that", await alice.DELETE(`${mount}/{id}`, { params }));
  expect(401, "use after that", await use(key));
}

await personalKeys();
await workspaceKeys();
await tenantKeys();
console.log("All as the document says.");
