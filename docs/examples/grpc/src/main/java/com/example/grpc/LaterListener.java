package com.example.grpc;

import io.grpc.ServerCall;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;

// tag::listener[]
/** Keeps what arrives of a call until it is known who listens. */
final class LaterListener<Q> extends ServerCall.Listener<Q> {
    private final Queue<Consumer<ServerCall.Listener<Q>>> kept = new ArrayDeque<>();
    private ServerCall.Listener<Q> listener;

    /** Hands over what was kept, and from now on everything at once. */
    synchronized void become(ServerCall.Listener<Q> known) {
        try {
            for (Consumer<ServerCall.Listener<Q>> event = kept.poll(); event != null; event = kept.poll()) {
                event.accept(known);
            }
        } finally {
            listener = known;
        }
    }

    private synchronized void tell(Consumer<ServerCall.Listener<Q>> event) {
        if (listener == null) {
            kept.add(event);
        } else {
            event.accept(listener);
        }
    }

    @Override
    public void onMessage(Q message) {
        tell(known -> known.onMessage(message));
    }

    @Override
    public void onHalfClose() {
        tell(ServerCall.Listener::onHalfClose);
    }

    @Override
    public void onCancel() {
        tell(ServerCall.Listener::onCancel);
    }

    @Override
    public void onComplete() {
        tell(ServerCall.Listener::onComplete);
    }

    @Override
    public void onReady() {
        tell(ServerCall.Listener::onReady);
    }
}
// end::listener[]
