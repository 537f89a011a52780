package dev.apikeys;

import static dev.apikeys.testkit.TestKeys.rejected;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.testkit.TestKeys;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A verification that never makes its caller wait. */
@Tag("tr-skip") // Waiting knows no locale.
class VerifyAsyncTest {
    private final TestKeys service = new TestKeys();
    private final IssuedKey issued = service.issue();
    private final Queue<Runnable> handedOver = new ArrayDeque<>();

    @AfterEach
    void close() {
        service.close();
    }

    private CompletableFuture<Verification> ask(String token) {
        return service.keys()
                .verifyAsync(token, ClientRequest.NONE, handedOver::add)
                .toCompletableFuture();
    }

    private CompletableFuture<Verification> ask() {
        return ask(issued.token().reveal());
    }

    @Test
    void keyThatIsNotInMemory_isVerifiedByTheExecutor() {
        service.store().forgetCalls();

        CompletableFuture<Verification> answer = ask();
        assertThat(answer).isNotDone();
        assertThat(service.store().allCalls()).isZero();
        assertThat(handedOver).hasSize(1);

        handedOver.remove().run();
        assertThat(answer.join()).isInstanceOf(Verification.Accepted.class);
    }

    @Test
    void keyInMemory_isAnsweredAtOnce() {
        Verification verified = service.verify(issued);

        assertThat(ask()).isCompletedWithValue(verified);
        assertThat(ask("nonsense")).isCompletedWithValue(rejected(Rejection.MALFORMED));
        assertThat(handedOver).isEmpty();
    }

    /** As it is, not wrapped: so that callers can tell an outage from a fault. */
    @Test
    void failure_isThatOfVerify() {
        service.store().cutOff();
        CompletableFuture<Verification> answer = ask();
        handedOver.remove().run();

        assertThatThrownBy(answer::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(StoreUnavailableException.class);
        assertThat(answer.handle((verification, failure) -> failure).join())
                .isInstanceOf(StoreUnavailableException.class);
    }

    @Test
    void executorThatTakesNoWork_failsTheAnswer() {
        CompletableFuture<Verification> answer = service.keys()
                .verifyAsync(issued.token().reveal(), ClientRequest.NONE, work -> {
                    throw new RejectedExecutionException("full");
                })
                .toCompletableFuture();

        assertThat(answer.handle((verification, failure) -> failure).join())
                .isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void executorThatThrowsAnError_failsTheAnswer() {
        Error noThread = new NoClassDefFoundError("no thread can be made");
        CompletionStage<Verification> answer = LaterVerification.on(
                task -> {
                    throw noThread;
                },
                () -> {
                    throw new AssertionError("not to be run");
                });

        assertThatThrownBy(answer.toCompletableFuture()::join).hasCause(noThread);
    }
}
