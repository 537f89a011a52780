package dev.apikeys.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.IssuedKey;
import dev.apikeys.KeySpec;
import dev.apikeys.LeasePolicy;
import dev.apikeys.testkit.StoreCall;
import dev.apikeys.testkit.TestKeys;
import dev.apikeys.testservers.ServletServer.Container;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What introspection does with the time that its store takes. Only calls of the store move the clock. */
class SlowStoreTest {
    private static final String UNAVAILABLE = "{\"status\":503,\"retry_after\":1}";

    private final TestKeys service = new TestKeys(settings -> settings.lease(
            LeasePolicy.DEFAULT.timing(Duration.ofMillis(50), Duration.ofMillis(500), Duration.ofSeconds(10))));
    private final AtomicLong nanos = new AtomicLong();
    private Verifying server;

    @BeforeEach
    void start() throws Exception {
        VerificationServlet servlet = VerificationServlet.builder(service.keys())
                .introspection(Callers.withScope(Verifying.SCOPE))
                .ticker(nanos::get)
                .build();
        server = Verifying.at(Container.JETTY, servlet, Verifying.caller(service));
    }

    @AfterEach
    void close() {
        server.close();
        service.close();
    }

    private void takesTime(StoreCall call, Duration time) {
        service.store().before(call, arguments -> nanos.addAndGet(time.toNanos()));
    }

    private String[] unseenTokens(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> KeySpec.forUser("user" + i, "org_1").named("CRM").scopes("read:systems"))
                .map(spec -> service.keys().issue(spec).token().reveal())
                .toArray(String[]::new);
    }

    @Test
    void batch_asksASlowStoreForTwoSeconds_andThenOnlyMemory() {
        IssuedKey known = service.issue();
        String activeBefore = server.introspect(known).body();
        String[] tokens = Stream.concat(
                        Stream.of(unseenTokens(20)), Stream.of(known.token().reveal(), "nonsense"))
                .toArray(String[]::new);
        takesTime(StoreCall.FIND_CREDENTIAL, Duration.ofMillis(1_500));
        service.store().forgetCalls();

        HttpResponse<String> answer = server.batch(tokens);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .startsWith("{\"results\":[{\"active\":true,")
                .endsWith((',' + UNAVAILABLE).repeat(18) + ',' + activeBefore + ",{\"active\":false}]}");
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(service.store().calls(StoreCall.FIND_CREDENTIAL)).isEqualTo(2);
        assertThat(service.store().calls(StoreCall.FIND)).isZero();
    }

    /** The time of issue is optional (RFC 7662 section 2.2). */
    @Test
    void batch_readsIssueTimesForTwoSeconds_andAnswersWithoutThemThen() {
        String[] tokens = unseenTokens(5);
        takesTime(StoreCall.FIND, Duration.ofMillis(1_500));

        String body = server.batch(tokens).body();

        assertThat(body.split("\"active\":true", -1)).hasSize(6);
        assertThat(body.split("\"iat\":", -1)).hasSize(3);
        assertThat(service.store().calls(StoreCall.FIND)).isEqualTo(2);
        service.store().heal();
        assertThat(server.batch(tokens).body().split("\"iat\":", -1)).hasSize(6);
    }

    @Test
    void answer_isKeptForWhatIsLeft_whenTheIssueTimeWasRead() {
        takesTime(StoreCall.FIND, Duration.ofMillis(1_500));

        HttpResponse<String> batch = server.batch(unseenTokens(1));
        HttpResponse<String> single = server.introspect(service.issue());

        assertThat(batch.body()).contains("\"iat\":");
        assertThat(batch.headers().firstValue("Cache-Control")).contains("max-age=8");
        assertThat(single.headers().firstValue("Cache-Control")).contains("max-age=8");
    }
}
