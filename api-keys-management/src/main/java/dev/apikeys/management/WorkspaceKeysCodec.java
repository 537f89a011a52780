package dev.apikeys.management;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apikeys.ApiKey;
import dev.apikeys.AuditEntry;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyOptions.SelfRevocation;
import dev.apikeys.Page;
import dev.apikeys.management.ScopeCatalogue.ScopeGroup;
import java.util.List;
import java.util.Map;

/** The family of workspace keys: snake_case, bare bodies, failures as {@code {code, detail, type}}. */
final class WorkspaceKeysCodec implements Codec {
    private static final Map<Field, String> NAMES = Map.ofEntries(
            Map.entry(Field.KEY, "id"),
            Map.entry(Field.NAME, "name"),
            Map.entry(Field.SELF_REVOCATION, "allow_self_revoke"),
            Map.entry(Field.ORGANIZATION, "org_id"),
            Map.entry(Field.WORKSPACE, "workspace_id"),
            Map.entry(Field.SCOPES, "allowed_scopes"),
            Map.entry(Field.EXPIRES_AT, "expires_at"),
            Map.entry(Field.ALLOWED_FROM, "allowed_from"),
            Map.entry(Field.GRACE_HOURS, "grace_hours"),
            Map.entry(Field.PAGE, "page"),
            Map.entry(Field.PAGE_SIZE, "page_size"),
            Map.entry(Field.SEARCH, "search"),
            Map.entry(Field.STATUS, "status"),
            Map.entry(Field.SORT_BY, "sort_by"),
            Map.entry(Field.SORT_DIRECTION, "sort_direction"),
            Map.entry(Field.PROOF, "password"));

    /** Arrays have no place for it. */
    private static final String TOTAL = "X-Total-Count";

    /** Only where the total is one. */
    private static final String ESTIMATE = "X-Total-Is-Estimate";

    private static final int VALIDATION_STATUS = 422;

    private final KeyFacts facts;
    private final List<Route<?>> routes;

    WorkspaceKeysCodec(
            KeyFacts facts,
            KeyCommands keys,
            KeyEnquiries enquiries,
            Command<ApiKey> revokeSelf,
            Command<List<ScopeGroup>> grantable) {
        this.facts = facts;
        routes = List.of(
                Route.get("", keys.list(), this::listed).taking(ListReader.FIELDS),
                Route.post("", keys.create(), this::created)
                        .taking(
                                Field.NAME,
                                Field.SELF_REVOCATION,
                                Field.ORGANIZATION,
                                Field.WORKSPACE,
                                Field.SCOPES,
                                Field.EXPIRES_AT,
                                Field.ALLOWED_FROM,
                                Field.PROOF),
                Route.get("/scopes", grantable, WorkspaceKeysCodec::catalogue)
                        .taking(Field.ORGANIZATION, Field.WORKSPACE),
                Route.get("/settings", enquiries.settings(), WorkspaceKeysCodec::settings),
                Route.delete("/self", revokeSelf, key -> Response.NO_CONTENT).calledWithTheKey(),
                Route.patch("/{key}", keys.change(), this::shown)
                        .taking(Field.NAME, Field.SCOPES, Field.ALLOWED_FROM, Field.EXPIRES_AT, Field.PROOF),
                Route.post("/{key}/rotate", keys.rotate(), this::rotated)
                        .taking(Field.GRACE_HOURS, Field.PROOF)
                        .withOptionalBody(),
                Route.post("/{key}/pause", keys.pause(), this::shown).withoutBody(),
                Route.post("/{key}/resume", keys.resume(), this::shown).withoutBody(),
                Route.get("/{key}/audit", enquiries.audit(), WorkspaceKeysCodec::audited)
                        .taking(Field.PAGE, Field.PAGE_SIZE),
                Route.delete("/{key}", keys.revoke(), key -> Response.NO_CONTENT));
    }

    @Override
    public List<Route<?>> routes() {
        return routes;
    }

    @Override
    public Map<Field, String> names() {
        return NAMES;
    }

    private Response listed(KeyList list) {
        ArrayNode keys = Json.array(list.keys().items(), this::present);
        return list.paging().isPresent() ? page(keys, list.keys()) : new Response(200, keys);
    }

    private static Response page(ArrayNode items, Page<?> page) {
        String total = Long.toString(page.total());
        return new Response(
                200, items, page.isEstimated() ? Map.of(TOTAL, total, ESTIMATE, "true") : Map.of(TOTAL, total));
    }

    private Response shown(ApiKey key) {
        return new Response(200, present(key));
    }

    private Response rotated(IssuedKey issued) {
        return new Response(200, present(issued.key()).put("key", issued.token().reveal()));
    }

    private static Response settings(KeySettings settings) {
        return new Response(200, Json.fields(settings.values(Spelling.SNAKE)));
    }

    private static Response audited(ReadAudit.Trail trail) {
        return page(Json.array(trail.entries().items(), WorkspaceKeysCodec::entry), trail.entries());
    }

    private static ObjectNode entry(AuditEntry entry) {
        return Json.object()
                .put("id", entry.id().toString())
                .put("api_key_id", entry.keyId().toString())
                .put("event", AuditWords.event(entry))
                .put("reason", AuditWords.reason(entry))
                .put("actor", entry.actor())
                .put("ip", entry.request().address())
                .put("method", entry.request().method())
                .put("path", entry.request().path())
                .put("created_at", Json.time(entry.at()));
    }

    private Response created(IssuedKey issued) {
        return new Response(201, key(issued.key()).put("key", issued.token().reveal()));
    }

    private static Response catalogue(List<ScopeGroup> groups) {
        return new Response(200, Json.array(groups, group -> {
            ObjectNode shown = Json.object().put("resource", group.resource());
            shown.set("actions", Json.texts(group.actions()));
            return shown;
        }));
    }

    /** The key with its state, which the answer that creates it doesn't have. */
    private ObjectNode present(ApiKey key) {
        var use = key.lastUse();
        ObjectNode shown = key(key).put("status", facts.status(key))
                .put("expires_at", Json.time(key.expiresAt()))
                .put("last_used_ip", use == null ? null : use.address());
        shown.set("allowed_from", Json.texts(key.allowedFrom()));
        return shown;
    }

    private ObjectNode key(ApiKey key) {
        var use = key.lastUse();
        ObjectNode shown = Json.object()
                .put("active", facts.isActive(key))
                .put("allow_self_revoke", key.options().selfRevocation() == SelfRevocation.ALLOWED);
        shown.set("allowed_scopes", Json.texts(facts.scopes(key)));
        return shown.put("created_at", Json.time(key.createdAt()))
                .put("id", key.id().toString())
                .put("last_used_at", use == null ? null : Json.time(use.at()))
                .put("masked_key", facts.masked(key))
                .put("name", key.name())
                .put("org_id", key.owner().organization())
                .put("workspace_id", key.owner().workspace());
    }

    @Override
    public Response failure(ManagementProblem failure) {
        if (failure instanceof ManagementProblem.Invalid invalid) {
            ObjectNode envelope = envelope(VALIDATION_STATUS, "Validation failed", "validation_error");
            envelope.set("errors", Json.array(invalid.violations(), this::error));
            return new Response(VALIDATION_STATUS, envelope);
        }
        if (failure instanceof ManagementProblem.LimitReached reached) {
            return reply(409, "At most " + reached.limit() + " active keys are allowed", "conflict_error");
        }
        if (failure instanceof ManagementProblem.MethodNotAllowed) {
            return reply(405, "Method not allowed", "bad_request_error");
        }
        return switch ((ManagementProblem.Plain) failure) {
            case MALFORMED, SEVERAL_CREDENTIALS -> reply(400, "Malformed request", "bad_request_error");
            case UNAUTHENTICATED, INVALID_TOKEN -> reply(401, "Authentication failed", "authentication_error");
            case FORBIDDEN -> reply(403, "Permission denied", "permission_error");
            case UNKNOWN_ROUTE -> reply(404, "Not found", "not_found_error");
            case KEY_NOT_FOUND -> reply(404, "API key not found", "not_found_error");
            case CONFLICT -> reply(409, "The API key has changed or ended", "conflict_error");
            case NAME_TAKEN -> reply(409, "An API key with this name exists", "already_exists_error");
            case RATE_LIMITED -> reply(429, "Too many requests", "rate_limit_error");
            case TOO_LARGE -> reply(413, "Request body too large", "bad_request_error");
            case UNSUPPORTED_TYPE -> reply(415, "Unsupported media type", "bad_request_error");
            case UPGRADE_REQUIRED -> reply(426, "The plan does not include API keys", "upgrade_required_error");
            case INTERNAL -> reply(500, "Internal server error", "app_error");
            case IDENTITY_FAILED, STEP_UP_UNAVAILABLE ->
                reply(502, "The identity service is unavailable", "upstream_error");
            case UNAVAILABLE -> reply(503, "Service unavailable", "upstream_error");
            case IDENTITY_TIMED_OUT, STORE_TIMED_OUT -> reply(504, "Timed out", "timeout_error");
        };
    }

    private ObjectNode error(Violation wrong) {
        ObjectNode error = Json.object();
        String place = wrong.source() == Route.Source.QUERY ? "query" : "body";
        error.set("loc", Json.texts(List.of(place, name(wrong))));
        return error.put("msg", text(wrong.code())).put("type", wrong.code().text());
    }

    private static String text(Violation.Code code) {
        return switch (code) {
            case REQUIRED -> "A value is required";
            case INVALID, INVALID_MODE -> "The value is not valid";
            case TOO_LONG -> "The value is too long";
            case OUT_OF_RANGE -> "The value is out of range";
            case NOT_GRANTABLE -> "More than the caller may grant";
            case INCORRECT_PASSWORD -> "The password is not correct";
            case INCORRECT_PROOF -> "The proof is not correct";
        };
    }

    private static Response reply(int status, String detail, String type) {
        return new Response(status, envelope(status, detail, type));
    }

    private static ObjectNode envelope(int status, String detail, String type) {
        return Json.object().put("code", status).put("detail", detail).put("type", type);
    }
}
