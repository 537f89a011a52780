package dev.apikeys.management;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apikeys.ApiKey;
import dev.apikeys.AuditEntry;
import dev.apikeys.Grant;
import dev.apikeys.IssuedKey;
import dev.apikeys.Mode;
import dev.apikeys.Page;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The family of personal keys: snake_case in {@code {code, message, data}}, where {@code code} repeats the status. A
 * field that is not nullable in the contract is never null: an absent value is the empty string.
 */
final class PersonalKeysCodec implements Codec {
    private static final Map<Field, String> NAMES = Map.ofEntries(
            Map.entry(Field.KEY, "api_key_id"),
            Map.entry(Field.NAME, "name"),
            Map.entry(Field.MODE, "mode"),
            Map.entry(Field.LIFETIME_DAYS, "expires_in_days"),
            Map.entry(Field.EXPIRES_AT, "expires_at"),
            Map.entry(Field.ALLOWED_FROM, "allowed_from"),
            Map.entry(Field.GRACE_HOURS, "grace_hours"),
            Map.entry(Field.PROOF, "password"),
            Map.entry(Field.PAGE, "page"),
            Map.entry(Field.PAGE_SIZE, "page_size"),
            Map.entry(Field.SEARCH, "search"),
            Map.entry(Field.STATUS, "status"),
            Map.entry(Field.SORT_BY, "sort_by"),
            Map.entry(Field.SORT_DIRECTION, "sort_direction"),
            Map.entry(Field.EVENT, "event"));

    private final KeyFacts facts;
    private final List<Route<?>> routes;

    PersonalKeysCodec(KeyFacts facts, KeyCommands keys, KeyEnquiries enquiries) {
        this.facts = facts;
        routes = List.of(
                Route.get("", keys.list(), this::listed).taking(ListReader.FIELDS),
                Route.post("", keys.create(), PersonalKeysCodec::created)
                        .taking(
                                Field.NAME,
                                Field.MODE,
                                Field.LIFETIME_DAYS,
                                Field.EXPIRES_AT,
                                Field.ALLOWED_FROM,
                                Field.PROOF),
                Route.get("/audit", enquiries.audit(), PersonalKeysCodec::audited)
                        .taking(Field.PAGE, Field.PAGE_SIZE, Field.EVENT, Field.KEY),
                Route.get("/settings", enquiries.settings(), PersonalKeysCodec::settings),
                Route.patch("/{key}", keys.change(), key -> shown("updated", key))
                        .taking(Field.NAME, Field.MODE, Field.ALLOWED_FROM, Field.EXPIRES_AT, Field.PROOF),
                Route.post("/{key}/rotate", keys.rotate(), this::rotated)
                        .taking(Field.GRACE_HOURS, Field.PROOF)
                        .withOptionalBody(),
                Route.post("/{key}/pause", keys.pause(), key -> shown("paused", key))
                        .withoutBody(),
                Route.post("/{key}/resume", keys.resume(), key -> shown("resumed", key))
                        .withoutBody(),
                Route.delete("/{key}", keys.revoke(), PersonalKeysCodec::revoked));
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
        ObjectNode data = Json.object();
        data.set("api_keys", Json.array(list.keys().items(), this::present));
        list.paging().ifPresent(paging -> data.set("pagination", pagination(paging, list.keys())));
        return reply(200, "api keys retrieved successfully", data);
    }

    private static Response created(IssuedKey issued) {
        ObjectNode data = key(issued.key()).put("token", issued.token().reveal());
        return reply(201, "api key created successfully", data);
    }

    private Response rotated(IssuedKey issued) {
        return reply(
                200,
                "api key rotated successfully",
                present(issued.key()).put("token", issued.token().reveal()));
    }

    private Response shown(String done, ApiKey key) {
        return reply(200, "api key " + done + " successfully", present(key));
    }

    private static Response settings(KeySettings settings) {
        return reply(200, "api key settings retrieved successfully", Json.fields(settings.values(Spelling.SNAKE)));
    }

    private static Response revoked(ApiKey key) {
        return reply(200, "api key revoked successfully", null);
    }

    private static Response audited(ReadAudit.Trail trail) {
        ObjectNode data = Json.object();
        data.set("audit", Json.array(trail.entries().items(), PersonalKeysCodec::entry));
        data.set("pagination", pagination(trail.paging(), trail.entries()));
        return reply(200, "api key audit retrieved successfully", data);
    }

    private static ObjectNode pagination(Paging paging, Page<?> list) {
        int page = paging.page();
        long total = list.total();
        long pages = (total + paging.size() - 1) / paging.size();
        ObjectNode pagination = Json.object()
                .put("page", page)
                .put("page_size", paging.size())
                .put("total_count", total)
                .put("total_pages", pages)
                .put("has_next", page < pages)
                .put("has_prev", page > 1)
                .put("next_page", page < pages ? page + 1 : null)
                .put("prev_page", page > 1 ? page - 1 : null)
                .put("sort_by", Spelling.SNAKE.word(paging.order().by()))
                .put("sort_direction", Spelling.SNAKE.word(paging.order().direction()));
        return list.isEstimated() ? pagination.put("total_is_estimate", true) : pagination;
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
            case MALFORMED, SEVERAL_CREDENTIALS -> "malformed request";
            case UNAUTHENTICATED, INVALID_TOKEN -> "invalid token";
            case FORBIDDEN, UPGRADE_REQUIRED -> "insufficient permissions";
            case UNKNOWN_ROUTE -> "not found";
            case KEY_NOT_FOUND -> "api key not found";
            case CONFLICT, NAME_TAKEN -> "conflict";
            case TOO_LARGE -> "request body too large";
            case RATE_LIMITED -> "too many requests";
            case UNSUPPORTED_TYPE -> "unsupported media type";
            case INTERNAL -> "internal server error";
            case UNAVAILABLE, STORE_TIMED_OUT, IDENTITY_FAILED, IDENTITY_TIMED_OUT -> "service unavailable";
            case STEP_UP_UNAVAILABLE -> "external api error";
        };
        return switch (failure) {
            // A 502 would say that this library is unavailable; it is a password that can't be checked.
            case STEP_UP_UNAVAILABLE -> detailed(message, "external_api_error", "the identity service is unavailable");
            // Clients look into the data of every 400.
            case MALFORMED -> detailed(message, "malformed_request", "the request can't be read");
            case SEVERAL_CREDENTIALS -> detailed(message, "malformed_request", "send exactly one credential");
            default -> reply(failure.status(), message, null);
        };
    }

    private static Response detailed(String message, String type, String details) {
        return reply(400, message, Json.object().put("type", type).put("details", details));
    }

    private static Response invalid(int status, ArrayNode errors) {
        ObjectNode data = Json.object().put("type", "validation_error");
        data.set("errors", errors);
        return reply(status, "validation failed", data);
    }

    private ObjectNode error(Violation wrong) {
        return error(name(wrong), wrong.code().text(), wrong.value());
    }

    private static ObjectNode error(String key, String message, String value) {
        return Json.object().put("key", key).put("message", message).put("value", value);
    }

    /** The key with its state, which the answer that creates it doesn't have. */
    private ObjectNode present(ApiKey key) {
        ObjectNode shown = key(key).put("status", facts.status(key));
        shown.set("allowed_from", Json.texts(key.allowedFrom()));
        return shown;
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
                .put("event", AuditWords.event(entry))
                .put("reason", AuditWords.reason(entry))
                .put("key_name", entry.keyName())
                .put("key_mode", mode(entry.keyMode()))
                .put("ip", orEmpty(entry.request().address()))
                .put("method", orEmpty(entry.request().method()))
                .put("path", orEmpty(entry.request().path()))
                .put("created_at", Json.time(entry.at()));
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
