package dev.apikeys.management;

import dev.apikeys.Actor;
import dev.apikeys.ClientRequest;
import dev.apikeys.KeyFilter;
import dev.apikeys.management.CsrfTokens.CsrfToken;
import dev.apikeys.servlet.ClientAddress;
import jakarta.servlet.http.HttpServletRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The steps of every management call, the same in all families: route, caller, origin, body, fields, command. Each step
 * costs more than the one before, and runs only if the call passed that one. The body is not read if the caller is
 * rejected.
 *
 * <p>Thread-safe.
 */
final class ManagementCalls {
    private final Family family;
    private final Routes routes;
    private final CallerCheck callers;
    private final OriginCheck origins;
    private final ClientAddress addresses;
    private final CsrfTokens csrfTokens;

    ManagementCalls(
            Family family, CallerCheck callers, OriginCheck origins, ClientAddress addresses, CsrfTokens csrfTokens) {
        this.family = family;
        this.routes = new Routes(family.codec().routes());
        this.callers = callers;
        this.origins = origins;
        this.addresses = addresses;
        this.csrfTokens = csrfTokens;
    }

    Result<Response> answer(HttpServletRequest request) {
        return routes.find(request.getMethod(), request.getPathInfo()).then(match -> {
            ClientRequest from = addresses.request(request);
            return match.route().access() == Route.Access.KEY
                    ? callers.key(request, from)
                            .then(key -> input(request, match)
                                    .then(input -> match.route().answer(Call.with(key, from, input))))
                    : callers.session(request, from).then(session -> answer(request, match, session, from));
        });
    }

    Response failure(ManagementProblem failure) {
        return family.codec().failure(failure);
    }

    /** The body of an answer for a failure. */
    byte[] body(ManagementProblem failure) {
        return Json.bytes(Objects.requireNonNull(failure(failure).body(), "a failure has a body"));
    }

    private Result<Response> answer(
            HttpServletRequest request, Routes.Match match, Caller.Session session, ClientRequest from) {
        Optional<KeyFilter> visible = family.visible().apply(session);
        if (visible.isEmpty() || (match.route().changesState() && !origins.admits(request))) {
            return Result.failed(ManagementProblem.Plain.FORBIDDEN);
        }
        Actor actor = new Actor(session.user(), from);
        CallSource source = source(request, from);
        return input(request, match)
                .then(input -> match.route().answer(new Call(session, actor, visible.get(), input, source)));
    }

    private CallSource source(HttpServletRequest request, ClientRequest from) {
        return new CallSource() {
            @Override
            public Result<Caller.Session> sessionNow() {
                return callers.session(request, from);
            }

            @Override
            public Optional<CsrfToken> csrfToken() {
                return csrfTokens.tokenFor(request);
            }
        };
    }

    private Result<Input> input(HttpServletRequest request, Routes.Match match) {
        Map<String, Field> names = new HashMap<>();
        match.route().fields().forEach(field -> family.name(field).ifPresent(name -> names.put(name, field)));
        return sent(request, match.route().source(), names.keySet()).map(sent -> {
            Input input = new Input(match.route().source());
            names.forEach((name, field) -> input.put(field, sent.get(name)));
            match.key().ifPresent(key -> input.put(Field.KEY, key));
            return input;
        });
    }

    private static Result<Map<String, Object>> sent(
            HttpServletRequest request, Route.Source source, Set<String> wanted) {
        return switch (source) {
            case BODY -> RequestBody.object(request, wanted);
            case OPTIONAL_BODY -> RequestBody.objectOrNothing(request, wanted);
            case NOWHERE -> RequestBody.ignored(request);
            case QUERY -> query(request);
        };
    }

    /**
     * The query of a request without a body. A parameter that is present twice is not text, and an empty one counts as
     * absent.
     */
    private static Result<Map<String, Object>> query(HttpServletRequest request) {
        Map<String, Object> query = new HashMap<>();
        try {
            request.getParameterMap()
                    .forEach((name, values) -> query.put(name, values.length == 1 ? values[0] : List.of(values)));
            query.values().removeIf(""::equals);
        } catch (RuntimeException undecodable) {
            // Containers throw their own exceptions for a broken percent-encoding.
            return Result.failed(ManagementProblem.Plain.MALFORMED);
        }
        return Result.done(query);
    }
}
