package dev.apikeys.management;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apikeys.ApiKey;
import dev.apikeys.AuditEntry;
import dev.apikeys.Grant;
import dev.apikeys.IssuedKey;
import dev.apikeys.Mode;
import dev.apikeys.Rejection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The family of personal keys: snake_case in {@code {code, message, data}}, where {@code code} repeats the status. A
 * field that the contract doesn't call nullable is never null: what is absent there is the empty string.
 */
final class PersonalKeysCodec implements Codec {
    private static final Map<Field, String> NAMES = Map.of(
            Field.KEY, "api_key_id",
            Field.NAME, "name",
            Field.MODE, "mode",
            Field.LIFETIME_DAYS, "expires_in_days",
            Field.PASSWORD, "password",
            Field.PAGE, "page",
            Field.PAGE_SIZE, "page_size",
            Field.EVENT, "event");

    private final List<Route<?>> routes;

    PersonalKeysCodec(
            Command<List<ApiKey>> list,
            Command<IssuedKey> create,
            Command<ApiKey> revoke,
            Command<ReadAudit.Trail> audit) {
        routes = List.of(
                Route.get("", list, PersonalKeysCodec::listed),
                Route.post("", create, PersonalKeysCodec::created)
                        .taking(Field.NAME, Field.MODE, Field.LIFETIME_DAYS, Field.PASSWORD),
                Route.get("/audit", audit, PersonalKeysCodec::audited)
                        .taking(Field.PAGE, Field.PAGE_SIZE, Field.EVENT, Field.KEY),
                Route.delete("/{key}", revoke, PersonalKeysCodec::revoked));
    }

    @Override
    public List<Route<?>> routes() {
        return routes;
    }

    @Override
    public Map<Field, String> names() {
        return NAMES;
    }

    private static Response listed(List<ApiKey> keys) {
        ObjectNode data = Json.object();
        data.set("api_keys", Json.array(keys, PersonalKeysCodec::key));
        return reply(200, "api keys retrieved successfully", data);
    }

    private static Response created(IssuedKey issued) {
        ObjectNode data = key(issued.key()).put("token", issued.token().reveal());
        return reply(201, "api key created successfully", data);
    }

    private static Response revoked(ApiKey key) {
        return reply(200, "api key revoked successfully", null);
    }

    private static Response audited(ReadAudit.Trail trail) {
        ObjectNode data = Json.object();
        data.set("audit", Json.array(trail.entries(), PersonalKeysCodec::entry));
        data.putObject("pagination")
                .put("page", trail.page())
                .put("page_size", trail.pageSize())
                .put("total_count", trail.total())
                .put("total_pages", trail.pages())
                .put("has_next", trail.page() < trail.pages())
                .put("has_prev", trail.page() > 1);
        return reply(200, "api key audit retrieved successfully", data);
    }

    @Override
    public Response failure(ManagementProblem failure) {
        if (failure instanceof ManagementProblem.Invalid invalid) {
            return invalid(400, Json.array(invalid.violations(), this::error));
        }
        if (failure instanceof ManagementProblem.LimitReached reached) {
            ObjectNode error = error("limit", "max_keys_reached", String.valueOf(reached.limit()));
            return invalid(409, Json.array(List.of(error), it -> it));
        }
        if (failure instanceof ManagementProblem.MethodNotAllowed) {
            return reply(405, "method not allowed", null);
        }
        return plain((ManagementProblem.Plain) failure);
    }

    private static Response plain(ManagementProblem.Plain failure) {
        String message = switch (failure) {
            case MALFORMED -> "malformed request";
            case UNAUTHENTICATED, INVALID_TOKEN -> "invalid token";
            case FORBIDDEN, UPGRADE_REQUIRED -> "insufficient permissions";
            case UNKNOWN_ROUTE -> "not found";
            case KEY_NOT_FOUND -> "api key not found";
            case CONFLICT, NAME_TAKEN -> "conflict";
            case TOO_LARGE -> "request body too large";
            case UNSUPPORTED_TYPE -> "unsupported media type";
            case INTERNAL -> "internal server error";
            case UNAVAILABLE, STORE_TIMED_OUT, IDENTITY_FAILED, IDENTITY_TIMED_OUT -> "service unavailable";
            case STEP_UP_UNAVAILABLE -> "external api error";
        };
        // A 502 would tell the client's user that the library is down; it is a password that could not be checked.
        return failure == ManagementProblem.Plain.STEP_UP_UNAVAILABLE
                ? reply(
                        400,
                        message,
                        Json.object()
                                .put("type", "external_api_error")
                                .put("details", "the identity service is unavailable"))
                : reply(failure.status(), message, null);
    }

    private static Response invalid(int status, ArrayNode errors) {
        ObjectNode data = Json.object().put("type", "validation_error");
        data.set("errors", errors);
        return reply(status, "validation failed", data);
    }

    private ObjectNode error(Violation wrong) {
        return error(name(wrong.field()), wrong.code().text(), wrong.value());
    }

    private static ObjectNode error(String key, String message, String value) {
        return Json.object().put("key", key).put("message", message).put("value", value);
    }

    private static ObjectNode key(ApiKey key) {
        var use = key.lastUse();
        var revocation = key.revocation();
        return Json.object()
                .put("id", key.id().toString())
                .put("user_id", orEmpty(key.owner().user()))
                .put("organization_id", orEmpty(key.owner().organization()))
                .put("name", key.name())
                .put("key_public", key.publicId())
                .put("mode", mode(key.grant() instanceof Grant.ByMode granted ? granted.mode() : null))
                .put("expires_at", Json.time(key.expiresAt()))
                .put("last_used_at", use == null ? null : Json.time(use.at()))
                .put("last_used_ip", use == null ? null : use.address())
                .put("revoked_at", revocation == null ? null : Json.time(revocation.at()))
                .put("created_at", Json.time(key.createdAt()));
    }

    private static ObjectNode entry(AuditEntry entry) {
        return Json.object()
                .put("id", entry.id().toString())
                .put("api_key_id", entry.keyId().toString())
                .put("user_id", orEmpty(entry.owner().user()))
                .put("organization_id", orEmpty(entry.owner().organization()))
                .put("event", entry.event().name().toLowerCase(Locale.ROOT))
                .put("reason", reason(entry))
                .put("key_name", entry.keyName())
                .put("key_mode", mode(entry.keyMode()))
                .put("ip", orEmpty(entry.request().address()))
                .put("method", orEmpty(entry.request().method()))
                .put("path", orEmpty(entry.request().path()))
                .put("created_at", Json.time(entry.at()));
    }

    /** The words of the contract for rejections; other reasons as they were given. */
    private static String reason(AuditEntry entry) {
        return entry.rejection().map(PersonalKeysCodec::word).orElse(entry.reason());
    }

    private static String word(Rejection rejection) {
        return switch (rejection) {
            case REVOKED -> "revoked";
            case EXPIRED -> "expired";
            case PAUSED -> "paused";
            case OWNER_INACTIVE -> "user_inactive";
            case IP_NOT_ALLOWED -> "ip_not_allowed";
            // The event says it.
            case RATE_LIMITED -> "";
            case SECRET_MISMATCH, UNKNOWN, MALFORMED, MISSING -> "invalid_secret";
        };
    }

    private static Response reply(int status, String message, @Nullable ObjectNode data) {
        ObjectNode envelope = Json.object().put("code", status).put("message", message);
        envelope.set("data", data);
        return new Response(status, envelope);
    }

    private static String mode(@Nullable Mode mode) {
        return mode == null ? "" : mode.name().toLowerCase(Locale.ROOT);
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
