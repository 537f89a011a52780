package dev.apikeys.management;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apikeys.ApiKey;
import dev.apikeys.AuditEntry;
import dev.apikeys.IssuedKey;
import dev.apikeys.Page;
import dev.apikeys.management.ScopeCatalogue.ScopeGroup;
import dev.apikeys.mcp.McpCall;
import dev.apikeys.mcp.McpPermission;
import dev.apikeys.servlet.internal.PolicyFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The family of tenants' keys and of their administration: camelCase, failures as {@code {error, message}}, with
 * {@code fields} for wrong fields.
 */
final class TenantKeysCodec implements Codec {
    private static final List<Field> MCP = List.of(
            Field.MCP_ACTIVE,
            Field.MCP_PRESET,
            Field.MCP_READ_ONLY,
            Field.MCP_ALLOWLIST_MODE,
            Field.MCP_TOOLS,
            Field.MCP_PERMISSIONS,
            Field.MCP_PROJECTS,
            Field.MCP_INSTANCES);

    private static final Map<Field, String> NAMES = Map.ofEntries(
            Map.entry(Field.KEY, "id"),
            Map.entry(Field.NAME, "name"),
            Map.entry(Field.SCOPES, "permissions"),
            Map.entry(Field.LABEL, "scope"),
            Map.entry(Field.EXPIRES_AT, "expiresAt"),
            Map.entry(Field.ALLOWED_FROM, "allowedFrom"),
            Map.entry(Field.GRACE_HOURS, "graceHours"),
            Map.entry(Field.PROOF, "password"),
            Map.entry(Field.ON, "active"),
            Map.entry(Field.MCP_ACTIVE, "mcpActive"),
            Map.entry(Field.MCP_PRESET, "mcpPreset"),
            Map.entry(Field.MCP_READ_ONLY, "mcpReadOnly"),
            Map.entry(Field.MCP_ALLOWLIST_MODE, "mcpAllowlistMode"),
            Map.entry(Field.MCP_TOOLS, "mcpToolAllowlist"),
            Map.entry(Field.MCP_PERMISSIONS, "mcpPermissions"),
            Map.entry(Field.MCP_PROJECTS, "mcpProjectIds"),
            Map.entry(Field.MCP_INSTANCES, "mcpInstanceIds"),
            Map.entry(Field.SEARCH, "search"),
            Map.entry(Field.STATUS, "status"),
            Map.entry(Field.OWNER, "owner"),
            Map.entry(Field.SORT_BY, "sortBy"),
            Map.entry(Field.SORT_DIRECTION, "sortDirection"),
            Map.entry(Field.PAGE, "page"),
            Map.entry(Field.PAGE_SIZE, "limit"));

    /** What the contract shows of a key without a label. */
    private static final String DEFAULT_LABEL = "organization";

    private static final String RECONNECT =
            "The MCP policy has changed; reconnect MCP clients so that they see the tools they may use now.";

    private final KeyFacts facts;
    private final List<Route<?>> routes = new ArrayList<>();

    private TenantKeysCodec(KeyFacts facts) {
        this.facts = facts;
    }

    /**
     * What a tenant can do beside what every family can.
     *
     * @param find one key
     * @param toggle pauses or resumes what agents may do
     * @param grantable the scopes that the caller may grant
     * @param explain what a policy for agents means
     */
    record TenantCommands(
            Command<ApiKey> find,
            Command<ApiKey> toggle,
            Command<List<ScopeGroup>> grantable,
            Command<PolicyExplanation> explain) {}

    /** The routes of a tenant. */
    static TenantKeysCodec tenant(KeyFacts facts, KeyCommands keys, KeyEnquiries enquiries, TenantCommands tenant) {
        TenantKeysCodec codec = new TenantKeysCodec(facts);
        codec.routes.addAll(List.of(
                Route.get("", keys.list(), found -> listed(found.keys(), codec::present))
                        .taking(ListReader.FIELDS),
                Route.post("", keys.create(), codec::created)
                        .taking(with(
                                Field.NAME,
                                Field.SCOPES,
                                Field.LABEL,
                                Field.EXPIRES_AT,
                                Field.ALLOWED_FROM,
                                Field.PROOF)),
                Route.get("/scopes", tenant.grantable(), TenantKeysCodec::catalogue),
                Route.get("/settings", enquiries.settings(), TenantKeysCodec::settings),
                Route.post("/mcp/explain", tenant.explain(), TenantKeysCodec::explained)
                        .taking(with(Field.KEY)),
                Route.get("/{key}", tenant.find(), codec::shown),
                // A client that puts back what it has read sends fields that only PATCH changes.
                Route.put("/{key}", keys.change(), codec::shown).taking(with(Field.NAME, Field.SCOPES, Field.PROOF)),
                Route.patch("/{key}", keys.change(), codec::shown)
                        .taking(with(Field.NAME, Field.SCOPES, Field.ALLOWED_FROM, Field.EXPIRES_AT, Field.PROOF)),
                Route.patch("/{key}/toggle", tenant.toggle(), codec::shown)
                        .taking(Field.ON)
                        .withOptionalBody(),
                Route.post("/{key}/rotate", keys.rotate(), codec::rotated)
                        .taking(Field.GRACE_HOURS, Field.PROOF)
                        .withOptionalBody(),
                Route.post("/{key}/pause", keys.pause(), codec::shown).withoutBody(),
                Route.post("/{key}/resume", keys.resume(), codec::shown).withoutBody(),
                audit(enquiries),
                Route.delete("/{key}", keys.revoke(), TenantKeysCodec::revoked)));
        return codec;
    }

    /** The routes of an administrator. */
    static TenantKeysCodec administration(
            KeyFacts facts, Command<KeyList> list, Command<ApiKey> revoke, KeyEnquiries enquiries) {
        TenantKeysCodec codec = new TenantKeysCodec(facts);
        codec.routes.addAll(List.of(
                Route.get("", list, found -> listed(found.keys(), codec::owned)).taking(ListReader.FIELDS_WITH_OWNER),
                Route.get("/settings", enquiries.settings(), TenantKeysCodec::settings),
                audit(enquiries),
                Route.delete("/{key}", revoke, TenantKeysCodec::revoked)));
        return codec;
    }

    private static Route<ReadAudit.Trail> audit(KeyEnquiries enquiries) {
        return Route.get("/{key}/audit", enquiries.audit(), TenantKeysCodec::audited)
                .taking(Field.PAGE, Field.PAGE_SIZE);
    }

    private static List<Field> with(Field... others) {
        List<Field> all = new ArrayList<>(List.of(others));
        all.addAll(MCP);
        return all;
    }

    @Override
    public List<Route<?>> routes() {
        return List.copyOf(routes);
    }

    @Override
    public Map<Field, String> names() {
        return NAMES;
    }

    private static Response listed(Page<ApiKey> page, Function<ApiKey, ObjectNode> each) {
        ObjectNode list = Json.object();
        list.set("apiKeys", Json.array(page.items(), each));
        return new Response(200, totalled(list, page));
    }

    private static Response audited(ReadAudit.Trail trail) {
        ObjectNode list = Json.object();
        list.set("audit", Json.array(trail.entries().items(), TenantKeysCodec::entry));
        return new Response(200, totalled(list, trail.entries()));
    }

    /** Clients that don't know the second field take an estimate for the total. */
    private static ObjectNode totalled(ObjectNode list, Page<?> page) {
        list.put("total", page.total());
        return page.isEstimated() ? list.put("totalIsEstimate", true) : list;
    }

    private static ObjectNode entry(AuditEntry entry) {
        return Json.object()
                .put("id", entry.id().toString())
                .put("apiKeyId", entry.keyId().toString())
                .put("event", AuditWords.event(entry))
                .put("reason", AuditWords.reason(entry))
                .put("actor", entry.actor())
                .put("ip", entry.request().address())
                .put("method", entry.request().method())
                .put("path", entry.request().path())
                .put("createdAt", Json.time(entry.at()));
    }

    private static Response catalogue(List<ScopeGroup> groups) {
        ObjectNode shown = Json.object();
        shown.set("scopes", Json.array(groups, TenantKeysCodec::group));
        return new Response(200, shown);
    }

    private static ObjectNode group(ScopeGroup group) {
        ObjectNode shown = Json.object().put("resource", group.resource());
        shown.set("actions", Json.texts(group.actions()));
        return shown;
    }

    private static Response settings(KeySettings settings) {
        ObjectNode shown = Json.object();
        shown.set("settings", Json.fields(settings.values(Spelling.CAMEL)));
        return new Response(200, shown);
    }

    private static Response explained(PolicyExplanation explanation) {
        ObjectNode policy = Json.object();
        PolicyFields.of(explanation.policy()).forEach((name, value) -> policy.set(name, Json.value(value)));
        ObjectNode shown = Json.object();
        shown.set("policy", policy);
        shown.set("permissions", Json.texts(List.of(McpPermission.values())));
        shown.put("toolsKnown", explanation.toolsKnown());
        shown.set("calls", Json.array(explanation.calls(), TenantKeysCodec::decided));
        return new Response(200, shown);
    }

    private static ObjectNode decided(PolicyExplanation.Decided decided) {
        return Json.object()
                .put("method", decided.call().method())
                .put("name", decided.call().name())
                .put("title", decided.title())
                .put("readOnly", decided.call().effect() == McpCall.Effect.READ_ONLY)
                .put("allowed", decided.denial() == null)
                .put("denial", decided.denial() == null ? null : Spelling.SNAKE.word(decided.denial()))
                .put("explanation", decided.explanation());
    }

    private Response created(IssuedKey issued) {
        ObjectNode created = Json.object();
        created.set("apiKey", key(issued.key()));
        return new Response(201, created.put("key", issued.token().reveal()));
    }

    private Response rotated(IssuedKey issued) {
        ObjectNode rotated = Json.object();
        rotated.set("apiKey", present(issued.key()));
        return new Response(200, rotated.put("key", issued.token().reveal()));
    }

    private Response shown(ApiKey key) {
        ObjectNode shown = Json.object();
        shown.set("apiKey", present(key));
        return new Response(200, shown);
    }

    private static Response revoked(ApiKey key) {
        return new Response(200, Json.object().put("message", "API key revoked"));
    }

    /** The key with its state, which the answer that creates it doesn't have. */
    private ObjectNode present(ApiKey key) {
        var use = key.lastUse();
        ObjectNode shown =
                key(key).put("status", facts.status(key)).put("lastUsedIp", use == null ? null : use.address());
        shown.set("allowedFrom", Json.texts(key.allowedFrom()));
        return shown;
    }

    /** The key and whose it is, for people who see everybody's. */
    private ObjectNode owned(ApiKey key) {
        return present(key)
                .put("kind", Spelling.SNAKE.word(key.kind()))
                .put("userId", key.owner().user())
                .put("organizationId", key.owner().organization())
                .put("workspaceId", key.owner().workspace());
    }

    private ObjectNode key(ApiKey key) {
        var use = key.lastUse();
        String label = key.options().label();
        ObjectNode shown = Json.object()
                .put("id", key.id().toString())
                .put("name", key.name())
                .put("prefix", facts.prefix(key))
                .put("scope", label.isEmpty() ? DEFAULT_LABEL : label);
        shown.set("permissions", Json.texts(facts.scopes(key)));
        shown.put("createdAt", Json.time(key.createdAt()))
                .put("expiresAt", Json.time(key.expiresAt()))
                .put("lastUsedAt", use == null ? null : Json.time(use.at()));
        PolicyFields.of(key.options().mcp()).forEach((name, value) -> shown.set(name, Json.value(value)));
        return shown.put("mcpReconnectRequired", key.mcpReconnectRequired())
                .put("mcpReconnectRequiredMessage", key.mcpReconnectRequired() ? RECONNECT : null);
    }

    @Override
    public Response failure(ManagementProblem failure) {
        if (failure instanceof ManagementProblem.Invalid invalid) {
            ObjectNode envelope = envelope("validation_error", "Some fields are not valid");
            ObjectNode fields = envelope.putObject("fields");
            invalid.violations()
                    .forEach(wrong -> fields.put(name(wrong), wrong.code().text()));
            return new Response(400, envelope);
        }
        if (failure instanceof ManagementProblem.LimitReached reached) {
            return reply(409, "limit_reached", "At most " + reached.limit() + " active keys are allowed");
        }
        if (failure instanceof ManagementProblem.MethodNotAllowed) {
            return reply(405, "method_not_allowed", "Method not allowed");
        }
        ManagementProblem.Plain plain = (ManagementProblem.Plain) failure;
        return switch (plain) {
            case MALFORMED, SEVERAL_CREDENTIALS -> reply(400, "bad_request", "Malformed request");
            case UNAUTHENTICATED, INVALID_TOKEN -> reply(401, "unauthorized", "Authentication required");
            case FORBIDDEN -> reply(403, "forbidden", "Insufficient permissions");
            case UPGRADE_REQUIRED -> reply(403, "upgrade_required", "The plan does not include API keys");
            case UNKNOWN_ROUTE -> reply(404, "not_found", "Not found");
            case KEY_NOT_FOUND -> reply(404, "not_found", "API key not found");
            case CONFLICT -> reply(409, "conflict", "The API key has changed or ended");
            case NAME_TAKEN -> reply(409, "conflict", "An API key with this name exists");
            case RATE_LIMITED -> reply(429, "rate_limited", "Too many requests");
            case TOO_LARGE -> reply(413, "payload_too_large", "Request body too large");
            case UNSUPPORTED_TYPE -> reply(415, "unsupported_media_type", "Unsupported media type");
            case INTERNAL -> reply(500, "internal_error", "Internal server error");
            case UNAVAILABLE, STORE_TIMED_OUT, IDENTITY_FAILED, IDENTITY_TIMED_OUT ->
                reply(503, "service_unavailable", "Service unavailable");
            case STEP_UP_UNAVAILABLE -> reply(502, "identity_unavailable", "The identity service is unavailable");
        };
    }

    private static Response reply(int status, String code, String message) {
        return new Response(status, envelope(code, message));
    }

    private static ObjectNode envelope(String code, String message) {
        return Json.object().put("error", code).put("message", message);
    }
}
