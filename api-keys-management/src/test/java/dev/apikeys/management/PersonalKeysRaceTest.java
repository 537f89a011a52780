package dev.apikeys.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.testservers.ServletServer.Container;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many who create personal keys at once. */
@Tag("tr-skip") // A race knows no locale.
class PersonalKeysRaceTest {
    private static HttpResponse<String> create(ManagementWorld world) {
        return world.as(
                "alice@org_1",
                "POST",
                "",
                "{\"name\":\"CRM\",\"mode\":\"read\",\"password\":\"" + ManagementWorld.PASSWORD + "\"}");
    }

    @ParameterizedTest
    @EnumSource
    void create_byManyWhileTheSessionEnds_mintsNothingLater(Container container) throws Exception {
        int threads = 32;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        AtomicBoolean loggedIn = new AtomicBoolean(true);
        CountDownLatch minted = new CountDownLatch(50);
        try (ManagementWorld world = ManagementWorld.in(container)
                .policy(ManagementWorld.manyKeys())
                .sessions(request -> loggedIn.get() ? Caller.session("alice") : Caller.anonymous())
                .start()) {
            List<Future<Integer>> late = IntStream.range(0, threads)
                    .mapToObj(i -> pool.submit(() -> {
                        int refused = 0;
                        while (refused < 5) {
                            boolean later = !loggedIn.get();
                            int status = create(world).statusCode();
                            assertThat(status).isIn(later ? List.of(401) : List.of(201, 401));
                            minted.countDown();
                            refused += later ? 1 : 0;
                        }
                        return refused;
                    }))
                    .toList();
            assertThat(minted.await(30, TimeUnit.SECONDS)).isTrue();
            loggedIn.set(false);

            for (Future<Integer> refused : late) {
                assertThat(refused.get()).isEqualTo(5);
            }
            assertThat(world.storedKeys()).hasSizeGreaterThan(0);
        } finally {
            pool.shutdownNow();
        }
    }

    @ParameterizedTest
    @EnumSource
    void create_sixtyFourAtOnce_mintsExactlyFive(Container container) throws Exception {
        int threads = 64;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try (ManagementWorld world = ManagementWorld.in(container).start()) {
            CountDownLatch ready = new CountDownLatch(threads);
            List<Future<HttpResponse<String>>> answers = IntStream.range(0, threads)
                    .mapToObj(i -> pool.submit(() -> {
                        ready.countDown();
                        ready.await();
                        return create(world);
                    }))
                    .toList();

            Map<Integer, Integer> statuses = new TreeMap<>();
            for (Future<HttpResponse<String>> answer : answers) {
                statuses.merge(answer.get().statusCode(), 1, Integer::sum);
            }

            assertThat(statuses).isEqualTo(Map.of(201, 5, 409, threads - 5));
            assertThat(world.storedKeys()).hasSize(5);
        } finally {
            pool.shutdownNow();
        }
    }
}
