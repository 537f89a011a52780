package com.example.grpc;

import dev.apikeys.KeyPrincipal;
import dev.apikeys.KeyService;
import dev.apikeys.StoreUnavailableException;
import dev.apikeys.Verification;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;

// tag::interceptor[]
/** Lets in calls with a key that has a scope. */
public final class KeyInterceptor implements ServerInterceptor {
    /** Whose key it was, in every method of a service behind the interceptor. */
    public static final Context.Key<KeyPrincipal> CALLER = Context.key("api-key");

    /** Where clients put the token. */
    public static final Metadata.Key<String> HEADER = Metadata.Key.of("x-api-key", Metadata.ASCII_STRING_MARSHALLER);

    private final KeyService keys;
    private final String scope;

    /** Verifies with this service, and asks for this scope. */
    public KeyInterceptor(KeyService keys, String scope) {
        this.keys = keys;
        this.scope = scope;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        try {
            if (!(keys.verify(headers.get(HEADER)) instanceof Verification.Accepted accepted)) {
                return refuse(call, Status.UNAUTHENTICATED);
            }
            if (!accepted.principal().scopes().allows(scope)) {
                return refuse(call, Status.PERMISSION_DENIED.withDescription("needs " + scope));
            }
            return Contexts.interceptCall(
                    Context.current().withValue(CALLER, accepted.principal()), call, headers, next);
        } catch (StoreUnavailableException away) {
            return refuse(call, Status.UNAVAILABLE);
        }
    }

    private static <Q> ServerCall.Listener<Q> refuse(ServerCall<Q, ?> call, Status status) {
        call.close(status, new Metadata());
        return new ServerCall.Listener<>() {};
    }
}
// end::interceptor[]
