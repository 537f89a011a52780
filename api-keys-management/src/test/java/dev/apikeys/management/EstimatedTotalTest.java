package dev.apikeys.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.Actor;
import dev.apikeys.ApiKey;
import dev.apikeys.AuditEntry;
import dev.apikeys.ClientRequest;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeyOrder;
import dev.apikeys.Page;
import dev.apikeys.Page.Count;
import dev.apikeys.Scopes;
import dev.apikeys.TokenFormat;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Every family says of a total that it is an estimate, in an additional field, and only then. */
class EstimatedTotalTest {
    private static final Paging PAGING = new Paging(1, 20, KeyOrder.NEWEST_FIRST);
    private static final KeyFacts FACTS = new KeyFacts(Instant::now, TokenFormat.DEFAULT, grant -> Scopes.NONE);

    private static Response answer(Codec codec, String path) {
        Route<?> route = codec.routes().stream()
                .filter(one -> one.method().equals("GET") && one.path().equals(path))
                .findFirst()
                .orElseThrow();
        Call call = new Call(
                null,
                new Actor("alice", ClientRequest.NONE),
                KeyFilter.everything(),
                new Input(route.source()),
                CallSource.WITHOUT_SESSION);
        return route.answer(call).orElse(problem -> {
            throw new AssertionError(problem);
        });
    }

    private static <T> Command<T> unused() {
        return call -> Result.failed(ManagementProblem.Plain.INTERNAL);
    }

    private static Command<KeyList> list(Count count) {
        return call -> Result.done(new KeyList(new Page<ApiKey>(List.of(), 12_345, count), Optional.of(PAGING)));
    }

    private static KeyCommands commands(Count count) {
        return new KeyCommands(list(count), unused(), unused(), unused(), unused(), unused(), unused());
    }

    private static KeyEnquiries enquiries(Count count) {
        return new KeyEnquiries(
                unused(),
                call -> Result.done(new ReadAudit.Trail(new Page<AuditEntry>(List.of(), 12_345, count), PAGING)));
    }

    private static Codec personal(Count count) {
        return new PersonalKeysCodec(FACTS, commands(count), enquiries(count));
    }

    private static Codec workspace(Count count) {
        return new WorkspaceKeysCodec(FACTS, commands(count), enquiries(count), unused(), unused());
    }

    private static Codec admin(Count count) {
        return TenantKeysCodec.administration(FACTS, list(count), unused(), enquiries(count));
    }

    @Test
    void estimate_isMarkedInTheFamilysOwnNames() {
        for (String path : List.of("", "/audit")) {
            assertThat(String.valueOf(answer(personal(Count.ESTIMATE), path).body()))
                    .contains("\"total_count\":12345", "\"total_is_estimate\":true");
        }
        for (String path : List.of("", "/{key}/audit")) {
            assertThat(answer(workspace(Count.ESTIMATE), path).headers())
                    .containsEntry("X-Total-Count", "12345")
                    .containsEntry("X-Total-Is-Estimate", "true");
            assertThat(String.valueOf(answer(admin(Count.ESTIMATE), path).body()))
                    .contains("\"total\":12345", "\"totalIsEstimate\":true");
        }
    }

    @Test
    void exactTotal_hasNoAdditionalField() {
        for (String path : List.of("", "/audit")) {
            assertThat(String.valueOf(answer(personal(Count.EXACT), path).body()))
                    .contains("\"total_count\":12345")
                    .doesNotContain("estimate");
        }
        for (String path : List.of("", "/{key}/audit")) {
            assertThat(answer(workspace(Count.EXACT), path).headers()).containsOnlyKeys("X-Total-Count");
            assertThat(String.valueOf(answer(admin(Count.EXACT), path).body()))
                    .contains("\"total\":12345")
                    .doesNotContain("Estimate");
        }
    }
}
