package dev.apikeys;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** Runs a verification that may wait on a thread of the host. */
final class LaterVerification {
    private LaterVerification() {}

    /** The answer of the verification, or its failure, or that of the executor. */
    static CompletionStage<Verification> on(Executor executor, Supplier<Verification> verification) {
        CompletableFuture<Verification> answer = new CompletableFuture<>();
        try {
            // Not supplyAsync: it hands out failures wrapped into another exception.
            executor.execute(() -> {
                try {
                    answer.complete(verification.get());
                } catch (Throwable failure) {
                    answer.completeExceptionally(failure);
                }
            });
        } catch (Throwable refused) {
            // An error too, such as one of an executor that can make no more threads.
            answer.completeExceptionally(refused);
        }
        return answer;
    }
}
