package com.example.grpc;

import dev.apikeys.ClientRequest;
import dev.apikeys.KeyPrincipal;
import dev.apikeys.KeyService;
import dev.apikeys.Verification;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.concurrent.Executor;

// tag::interceptor[]
/** Lets in calls with a key that has a scope. */
public final class KeyInterceptor implements ServerInterceptor {
    /** Whose key it was, in every method of a service behind the interceptor. */
    public static final Context.Key<KeyPrincipal> CALLER = Context.key("api-key");

    /** Where clients put the token. */
    public static final Metadata.Key<String> HEADER = Metadata.Key.of("x-api-key", Metadata.ASCII_STRING_MARSHALLER);

    private final KeyService keys;
    private final String scope;
    private final Executor waiting;

    /** Verifies with this service, asks for this scope, and lets the threads of this executor wait for the database. */
    public KeyInterceptor(KeyService keys, String scope, Executor waiting) {
        this.keys = keys;
        this.scope = scope;
        this.waiting = waiting;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        LaterListener<Q> listener = new LaterListener<>();
        keys.verifyAsync(headers.get(HEADER), ClientRequest.NONE, waiting)
                .handle((verification, away) ->
                        away == null ? decide(verification, call, headers, next) : refuse(call, Status.UNAVAILABLE))
                .exceptionally(fault -> refuse(call, Status.INTERNAL))
                .thenAccept(listener::become)
                .exceptionally(fault -> fail(call));
        return listener;
    }

    private <Q, A> ServerCall.Listener<Q> decide(
            Verification verification, ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if (!(verification instanceof Verification.Accepted accepted)) {
            return refuse(call, Status.UNAUTHENTICATED);
        }
        if (!accepted.principal().scopes().allows(scope)) {
            return refuse(call, Status.PERMISSION_DENIED.withDescription("needs " + scope));
        }
        return Contexts.interceptCall(Context.current().withValue(CALLER, accepted.principal()), call, headers, next);
    }

    /** As the server does itself when a method throws, unless the call is over. */
    private static Void fail(ServerCall<?, ?> call) {
        try {
            call.close(Status.UNKNOWN, new Metadata());
        } catch (IllegalStateException closedBefore) {
            // The client has its answer.
        }
        return null;
    }

    private static <Q> ServerCall.Listener<Q> refuse(ServerCall<Q, ?> call, Status status) {
        call.close(status, new Metadata());
        return new ServerCall.Listener<>() {};
    }
}
// end::interceptor[]
