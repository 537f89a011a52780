package dev.apikeys.management;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apikeys.ApiKey;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyOptions.SelfRevocation;
import dev.apikeys.management.ScopeCatalogue.ScopeGroup;
import java.util.List;
import java.util.Map;

/** The family of workspace keys: snake_case, bare bodies, failures as {@code {code, detail, type}}. */
final class WorkspaceKeysCodec implements Codec {
    private static final Map<Field, String> NAMES = Map.of(
            Field.KEY, "id",
            Field.NAME, "name",
            Field.SELF_REVOCATION, "allow_self_revoke",
            Field.ORGANIZATION, "org_id",
            Field.WORKSPACE, "workspace_id",
            Field.SCOPES, "allowed_scopes",
            Field.PROOF, "password");

    private static final int VALIDATION_STATUS = 422;

    private final KeyFacts facts;
    private final List<Route<?>> routes;

    WorkspaceKeysCodec(
            KeyFacts facts,
            Command<KeyList> list,
            Command<IssuedKey> create,
            Command<ApiKey> revoke,
            Command<ApiKey> revokeSelf,
            Command<List<ScopeGroup>> grantable) {
        this.facts = facts;
        routes = List.of(
                Route.get("", list, this::listed),
                Route.post("", create, this::created)
                        .taking(
                                Field.NAME,
                                Field.SELF_REVOCATION,
                                Field.ORGANIZATION,
                                Field.WORKSPACE,
                                Field.SCOPES,
                                Field.PROOF),
                Route.get("/scopes", grantable, WorkspaceKeysCodec::catalogue)
                        .taking(Field.ORGANIZATION, Field.WORKSPACE),
                Route.delete("/self", revokeSelf, key -> Response.NO_CONTENT).calledWithTheKey(),
                Route.delete("/{key}", revoke, key -> Response.NO_CONTENT));
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
        return new Response(200, Json.array(list.keys().items(), this::key));
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
