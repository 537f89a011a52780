package dev.apikeys.gateway;

import dev.apikeys.ClientRequest;
import dev.apikeys.KeyService;
import dev.apikeys.servlet.RateLimit;
import dev.apikeys.servlet.internal.JsonType;
import dev.apikeys.servlet.internal.Problem;
import dev.apikeys.servlet.internal.TokenCheck;
import dev.apikeys.servlet.internal.TokenCheck.Result;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers what a token is good for (RFC 7662).
 *
 * <p>Thread-safe.
 */
final class Introspection implements Endpoint {
    private final KeyService keys;
    private final Callers.Check callers;
    private final TokenCheck tokens;
    private final TrustedGateways trusted;
    private final IntrospectionAnswer answers;
    private final boolean isCounted;
    private final LongSupplier ticker;
    private final String vary;

    Introspection(
            KeyService keys,
            Callers callers,
            TrustedGateways trusted,
            @Nullable RateLimit rateLimit,
            LongSupplier ticker) {
        this.keys = keys;
        this.callers = callers.check(keys);
        this.tokens = new TokenCheck(keys, rateLimit);
        this.trusted = trusted;
        this.answers = new IntrospectionAnswer(new IssueTimes(keys));
        this.isCounted = rateLimit != null;
        this.ticker = ticker;
        this.vary = trusted.addTo(Problem.VARY);
    }

    @Override
    public List<String> methods() {
        return Endpoint.POST;
    }

    @Override
    public void answer(HttpServletRequest request, HttpServletResponse response, String below) throws IOException {
        if (!callers.admits(request, response)) {
            return;
        }
        TokenForm form = TokenForm.read(request);
        String token = form.token();
        if (token == null) {
            Replies.send(form.problem(), request, response);
            return;
        }
        CacheTime time = CacheTime.before(keys, ticker);
        Result result = tokens.check(token, trusted.askedAbout(request));
        if (result instanceof Result.Accepted accepted) {
            if (accepted.rate() != null) {
                accepted.rate().setOn(response);
            }
            send(answers.active(accepted.principal()), secondsFor(result, time), request, response);
            return;
        }
        Problem problem = ((Result.Refused) result).problem();
        if (problem.status() == Problem.INVALID_TOKEN.status()) {
            send(IntrospectionAnswer.inactive(), 0, request, response);
        } else {
            Replies.send(problem, request, response);
        }
    }

    /** An answer from a cache would not count against a rate. */
    private long secondsFor(Result result, CacheTime time) {
        return result instanceof Result.Accepted accepted && !isCounted
                ? time.secondsFor(accepted.principal(), keys)
                : 0;
    }

    private void send(byte[] json, long seconds, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        // Every answer begins with no-store.
        if (seconds > 0) {
            response.setHeader("Cache-Control", CacheTime.header(seconds));
            response.addHeader("Vary", vary);
        }
        Replies.send(json, request, response);
    }

    /**
     * The same for many tokens in one call.
     *
     * <p>Thread-safe.
     */
    final class Batch implements Endpoint {
        private static final Problem INVALID =
                Problem.of(400, "invalid_request", "send 1 to " + TokenList.MAX_TOKENS + " tokens");

        @Override
        public List<String> methods() {
            return Endpoint.POST;
        }

        @Override
        public void answer(HttpServletRequest request, HttpServletResponse response, String below) throws IOException {
            if (!callers.admits(request, response)) {
                return;
            }
            if (!JsonType.is(request)) {
                Replies.send(TokenForm.UNSUPPORTED_TYPE, request, response);
                return;
            }
            SentBody body = SentBody.of(request);
            List<String> list = body.bytes() == null ? null : TokenList.read(body.bytes());
            if (list == null) {
                Replies.send(body.bytes() == null ? body.problem() : INVALID, request, response);
                return;
            }
            CacheTime time = CacheTime.before(keys, ticker);
            BatchDeadline deadline = new BatchDeadline(ticker);
            ClientRequest from = trusted.askedAbout(request);
            List<Result> results = list.stream()
                    .map(token -> deadline.isOver() ? tokens.checkIfKnown(token, from) : tokens.check(token, from))
                    .toList();
            byte[] json = answers.batch(results, deadline);
            long seconds = results.stream()
                    .mapToLong(result -> secondsFor(result, time))
                    .min()
                    .orElse(0);
            send(json, seconds, request, response);
        }
    }
}
