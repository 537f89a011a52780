package com.example.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.InMemoryApiKeyStore;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import dev.apikeys.testkit.Gate;
import dev.apikeys.testkit.StoreCall;
import dev.apikeys.testkit.TestKeys;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ForwardingServerCallListener;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.ServerCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class KeyInterceptorTest {
    private static final MethodDescriptor<String, String> LIST = method("list");
    private static final MethodDescriptor<String, String> CLEAR = method("clear");

    @Test
    void calls_needAKeyWithTheScope() throws Exception {
        try (KeyService keys = KeyService.builder(new InMemoryApiKeyStore()).build()) {
            String token = keys.issue(
                            KeySpec.forUser("alice", "org_1").named("CRM").mode(Mode.READ))
                    .token()
                    .reveal();
            Server server = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
                    .addService(guarded(keys, "read:systems", LIST, "systems.Readers"))
                    .addService(guarded(keys, "manage:systems", CLEAR, "systems.Writers"))
                    .build()
                    .start();
            ManagedChannel channel = Grpc.newChannelBuilderForAddress(
                            "localhost", server.getPort(), InsecureChannelCredentials.create())
                    .build();
            try {
                for (int known = 0; known < 2; known++) {
                    assertThat(call(channel, LIST, token)).isEqualTo("alice");
                }
                assertThatThrownBy(() -> call(channel, LIST, "nonsense"))
                        .isInstanceOf(StatusRuntimeException.class)
                        .hasMessageContaining("UNAUTHENTICATED");
                assertThatThrownBy(() -> call(channel, CLEAR, token)).hasMessageContaining("PERMISSION_DENIED");
            } finally {
                channel.shutdownNow();
                server.shutdownNow();
            }
        }
    }

    /** What arrived while the key was looked up is handed over by a thread that is not the server's. */
    @Test
    void methodThatThrows_endsItsCall_alsoWhenTheCallHadToWait() throws Exception {
        try (TestKeys keys = new TestKeys()) {
            String token = keys.token("read:systems");
            Gate store = keys.store().holdBefore(StoreCall.FIND_CREDENTIAL);
            CountDownLatch arrived = new CountDownLatch(1);
            ServerServiceDefinition broken = ServerServiceDefinition.builder("systems.Readers")
                    .addMethod(LIST, ServerCalls.asyncUnaryCall((question, answer) -> {
                        throw new IllegalArgumentException("a fault of the service");
                    }))
                    .build();
            Server server = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
                    .addService(ServerInterceptors.interceptForward(
                            broken,
                            new Arrivals(store, arrived),
                            new KeyInterceptor(keys.keys(), "read:systems", ForkJoinPool.commonPool()),
                            new Patience(arrived)))
                    .build()
                    .start();
            ManagedChannel channel = Grpc.newChannelBuilderForAddress(
                            "localhost", server.getPort(), InsecureChannelCredentials.create())
                    .build();
            try {
                assertThatThrownBy(() -> call(channel, LIST, token)).hasMessageContaining("UNKNOWN");
                assertThatThrownBy(() -> call(channel, LIST, token)).hasMessageContaining("UNKNOWN");
            } finally {
                channel.shutdownNow();
                server.shutdownNow();
            }
        }
    }

    /** Lets the store answer when somebody listens to the call, and tells when the whole request was kept. */
    private record Arrivals(Gate store, CountDownLatch arrived) implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            ServerCall.Listener<Q> listener = next.startCall(call, headers);
            store.open();
            return new ForwardingServerCallListener.SimpleForwardingServerCallListener<>(listener) {
                @Override
                public void onHalfClose() {
                    super.onHalfClose();
                    arrived.countDown();
                }
            };
        }
    }

    /** Begins a call, and goes on when the whole request has arrived. */
    private record Patience(CountDownLatch arrived) implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            ServerCall.Listener<Q> listener = next.startCall(call, headers);
            try {
                assertThat(arrived.await(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            return listener;
        }
    }

    private static ServerServiceDefinition guarded(
            KeyService keys, String scope, MethodDescriptor<String, String> method, String service) {
        ServerServiceDefinition definition = ServerServiceDefinition.builder(service)
                .addMethod(method, ServerCalls.asyncUnaryCall((question, answer) -> {
                    answer.onNext(KeyInterceptor.CALLER.get().getName());
                    answer.onCompleted();
                }))
                .build();
        return ServerInterceptors.intercept(definition, new KeyInterceptor(keys, scope, ForkJoinPool.commonPool()));
    }

    private static String call(Channel channel, MethodDescriptor<String, String> method, String token) {
        Metadata headers = new Metadata();
        headers.put(KeyInterceptor.HEADER, token);
        Channel withKey = ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
        return ClientCalls.blockingUnaryCall(
                withKey, method, CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS), "");
    }

    private static MethodDescriptor<String, String> method(String name) {
        String service = name.equals("list") ? "systems.Readers" : "systems.Writers";
        return MethodDescriptor.<String, String>newBuilder(new Text(), new Text())
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(service, name))
                .build();
    }

    private static final class Text implements MethodDescriptor.Marshaller<String> {
        @Override
        public InputStream stream(String value) {
            return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String parse(InputStream stream) {
            try {
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }
}
