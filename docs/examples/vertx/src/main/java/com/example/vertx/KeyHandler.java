package com.example.vertx;

import dev.apikeys.ClientRequest;
import dev.apikeys.KeyPrincipal;
import dev.apikeys.KeyService;
import dev.apikeys.Verification;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.Executors;

// tag::handler[]
/** Lets in requests with a key that has a scope, and never blocks the event loop. */
public final class KeyHandler implements Handler<RoutingContext> {
    private static final String CALLER = "api-key";

    private final KeyService keys;
    private final String scope;

    /** Verifies with this service, and asks for this scope. */
    public KeyHandler(KeyService keys, String scope) {
        this.keys = keys;
        this.scope = scope;
    }

    /** Whose key it was, in every handler behind this one. */
    public static KeyPrincipal caller(RoutingContext context) {
        return context.get(CALLER);
    }

    @Override
    public void handle(RoutingContext context) {
        String token = context.request().getHeader("X-API-Key");
        ClientRequest from =
                ClientRequest.from(context.request().remoteAddress().hostAddress());
        // A body that arrives while nobody listens would be lost.
        context.request().pause();
        Future.fromCompletionStage(
                        keys.verifyAsync(
                                token, from, work -> context.vertx().executeBlocking(Executors.callable(work), false)),
                        context.vertx().getOrCreateContext())
                .onComplete(answered -> context.request().resume())
                .onSuccess(verification -> decide(context, verification))
                .onFailure(away -> context.response()
                        .putHeader("Retry-After", "1")
                        .setStatusCode(503)
                        .end());
    }

    private void decide(RoutingContext context, Verification verification) {
        if (!(verification instanceof Verification.Accepted accepted)) {
            context.response()
                    .putHeader("WWW-Authenticate", "Bearer")
                    .setStatusCode(401)
                    .end();
        } else if (!accepted.principal().scopes().allows(scope)) {
            context.response().setStatusCode(403).end();
        } else {
            context.put(CALLER, accepted.principal());
            context.next();
        }
    }
}
// end::handler[]
