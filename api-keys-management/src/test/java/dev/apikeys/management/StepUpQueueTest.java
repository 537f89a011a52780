package dev.apikeys.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.password4j.BcryptFunction;
import com.password4j.types.Bcrypt;
import dev.apikeys.InMemoryApiKeyStore;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeyService;
import dev.apikeys.PageRequest;
import dev.apikeys.password4j.PasswordStepUp;
import dev.apikeys.spi.StepUp;
import dev.apikeys.testservers.Http;
import dev.apikeys.testservers.ServletServer;
import dev.apikeys.testservers.ServletServer.Container;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many people who type the right password at the same moment. */
class StepUpQueueTest {
    private static final int CALLERS = 44;
    private static final String RIGHT = "correct horse";
    private static final String STORED =
            BcryptFunction.getInstance(Bcrypt.B, 8).hash(RIGHT).getResult();

    private final KeyService keys = KeyService.builder(new InMemoryApiKeyStore())
            .policy(ManagementWorld.manyKeys())
            .build();

    private List<HttpResponse<String>> createAtOnce(Container container, StepUp passwords) throws Exception {
        ManagementServlet servlet = ManagementServlet.builder(keys, request -> Caller.session("alice"))
                .personalKeys(passwords)
                .build();
        ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
        try (ServletServer server =
                ServletServer.in(container).servlet(servlet, "/me/api-keys/*").start()) {
            List<Future<HttpResponse<String>>> calls = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                String body = "{\"name\":\"key " + i + "\",\"mode\":\"read\",\"password\":\"" + RIGHT + "\"}";
                calls.add(threads.submit(
                        () -> Http.call("POST", server.uri("/me/api-keys"), body, "Content-Type", "application/json")));
            }
            List<HttpResponse<String>> answers = new ArrayList<>();
            for (Future<HttpResponse<String>> call : calls) {
                answers.add(call.get());
            }
            return answers;
        } finally {
            threads.shutdownNow();
        }
    }

    /** Nobody's turn comes before all are there. */
    private static PasswordStepUp passwords() {
        CountDownLatch arriving = new CountDownLatch(CALLERS);
        return new PasswordStepUp(user -> {
            arriving.countDown();
            try {
                if (!arriving.await(30, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("not all came");
                }
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
            return Optional.of(STORED);
        });
    }

    private long minted() {
        return keys.list(KeyFilter.everything(), PageRequest.first(1)).total();
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void rightPasswords_of44CallersAtOnce_allMintAKey(Container container) throws Exception {
        assertThat(createAtOnce(container, passwords()))
                .extracting(HttpResponse::statusCode)
                .containsOnly(201);
        assertThat(minted()).isEqualTo(CALLERS);
    }

    /** Who gets no turn is told to come back, and not that somebody else is away. */
    @ParameterizedTest
    @EnumSource(Container.class)
    void rightPasswords_ofImpatientCallers_areToldToTryAgain(Container container) throws Exception {
        StepUp impatient = passwords().patience(Duration.ZERO);

        List<HttpResponse<String>> busy = createAtOnce(container, impatient).stream()
                .filter(answer -> answer.statusCode() != 201)
                .toList();

        assertThat(busy).isNotEmpty().allSatisfy(answer -> {
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
            assertThat(answer.body()).isEqualTo("{\"code\":503,\"message\":\"service unavailable\",\"data\":null}");
        });
        assertThat(minted()).isEqualTo(CALLERS - busy.size());
    }
}
