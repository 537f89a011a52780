package dev.apikeys.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.testservers.FilterKeys;
import dev.apikeys.testservers.Probe;
import dev.apikeys.testservers.RawHttp;
import dev.apikeys.testservers.ServletServer;
import dev.apikeys.testservers.ServletServer.Container;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** More than one credential in whatever way: none of them counts. */
class SeveralCredentialsTest {
    private final FilterKeys keys = new FilterKeys();
    private final Probe probe = new Probe();

    @AfterEach
    void tearDown() {
        keys.close();
    }

    private ServletServer start(Container container, ApiKeyFilterBuilder filter) throws Exception {
        return ServletServer.in(container)
                .filter(filter.requireKey("*", "/**").build(), "/*")
                .servlet(probe, "/*")
                .start();
    }

    /** Pairs of a valid key with itself, with another valid one, with a bad one, and with strangers, in both orders. */
    private List<String[]> corpus() {
        String valid = keys.readerToken();
        List<String[]> corpus = new ArrayList<>();
        for (String other : List.of(
                valid, keys.writerToken(), FilterKeys.unknownToken(), "x", "eyJhbGciOiJub25lIn0.e30.c2lnbmF0dXJl")) {
            for (String[] pair : List.of(new String[] {valid, other}, new String[] {other, valid})) {
                String one = pair[0];
                String two = pair[1];
                corpus.add(new String[] {"Authorization: Bearer " + one, "X-API-Key: " + two});
                corpus.add(new String[] {"X-API-Key: " + one, "Authorization: Bearer " + two});
                corpus.add(new String[] {"Authorization: Bearer " + one, "Authorization: Bearer " + two});
                corpus.add(new String[] {"authorization: bearer " + one, "AUTHORIZATION: BEARER " + two});
                corpus.add(new String[] {"X-API-Key: " + one, "X-API-Key: " + two});
                corpus.add(new String[] {"X-API-Key: " + one, "x-api-key: " + two});
                corpus.add(new String[] {"Authorization: Bearer " + one + ", Bearer " + two});
                corpus.add(new String[] {"Authorization: Bearer " + one + ",Bearer " + two});
                corpus.add(new String[] {"Authorization: Bearer " + one + "," + two});
                corpus.add(new String[] {"X-API-Key: " + one + "," + two});
                corpus.add(new String[] {"X-API-Key: " + one + " , " + two});
                corpus.add(new String[] {"Authorization: Basic YWxpY2U6cHc=, Bearer " + two});
                corpus.add(new String[] {"Authorization: Digest a=\"b\", c=d, bearer\t" + two});
                corpus.add(new String[] {"Authorization: Basic YWxpY2U6cHc=", "X-API-Key: " + two});
                corpus.add(new String[] {"Authorization: Basic YWxpY2U6cHc=", "Authorization: Bearer " + two});
            }
        }
        corpus.add(new String[] {"X-API-Key: ", "X-API-Key: " + valid});
        corpus.add(new String[] {"Authorization: Bearer " + valid, "Authorization: "});
        corpus.add(new String[] {"X-API-Key: ," + valid});
        corpus.add(new String[] {"X-API-Key: " + valid + ","});
        corpus.add(new String[] {"Authorization: Bearer ," + valid});
        corpus.add(new String[] {"Authorization: Bearer " + valid + ", "});
        corpus.add(new String[] {"Authorization: , Bearer " + valid});
        return corpus;
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void request_withSeveralCredentials_isBadInEveryOrder(Container container) throws Exception {
        try (ServletServer server = start(container, ApiKeyFilter.builder(keys.service))) {
            for (String[] lines : corpus()) {
                RawHttp.Answer answer = RawHttp.get(server.port(), "/x", lines);
                assertThat(answer.status()).as(String.join(" | ", lines)).isEqualTo(400);
                assertThat(answer.header("WWW-Authenticate")).containsExactly("Bearer error=\"invalid_request\"");
            }
        }
        assertThat(probe.runs()).isZero();
        assertThat(keys.verifications()).as("tokens that were even looked at").hasValue(0);
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void request_withSeveralCredentials_isBadWhereOthersPass(Container container) throws Exception {
        try (ServletServer server =
                start(container, ApiKeyFilter.builder(keys.service).passOtherCredentials())) {
            for (String[] lines : corpus()) {
                assertThat(RawHttp.get(server.port(), "/x", lines).status())
                        .as(String.join(" | ", lines))
                        .isEqualTo(400);
            }
        }
        assertThat(probe.runs()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void request_withOneCredentialAndBlankOnes_isLetIn(Container container) throws Exception {
        String token = keys.readerToken();
        List<String[]> corpus = List.of(
                new String[] {"Authorization: Bearer " + token},
                new String[] {"authorization: bEaReR " + token},
                new String[] {"Authorization: BEARER   " + token + "  "},
                new String[] {"Authorization:Bearer " + token},
                new String[] {"X-API-Key: " + token},
                new String[] {"x-api-key:\t" + token + "\t"},
                new String[] {"Authorization: ", "X-API-Key: " + token},
                new String[] {"Authorization: Bearer", "X-API-Key: " + token},
                new String[] {"Authorization: Bearer " + token, "X-API-Key:   "});
        try (ServletServer server = start(container, ApiKeyFilter.builder(keys.service))) {
            for (String[] lines : corpus) {
                RawHttp.Answer answer = RawHttp.get(server.port(), "/x", lines);
                assertThat(answer.status()).as(String.join(" | ", lines)).isEqualTo(200);
                assertThat(answer.body()).contains("reached as alice");
            }
        }
        assertThat(probe.runs()).isEqualTo(corpus.size());
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void token_inAnyOtherPlace_isNoCredential(Container container) throws Exception {
        String token = keys.readerToken();
        List<String[]> corpus = List.of(
                new String[] {"Authorization: " + token},
                new String[] {"Authorization: Bearer" + token},
                new String[] {"Authorization: Bearer\u00a0" + token},
                new String[] {"Authorization: Token " + token},
                new String[] {"Authorization: Basic " + token},
                new String[] {"Proxy-Authorization: Bearer " + token},
                new String[] {"Cookie: api_key=" + token},
                new String[] {"X-Api-Keys: " + token},
                new String[] {"X_API_Key: " + token});
        try (ServletServer server = start(container, ApiKeyFilter.builder(keys.service))) {
            for (String[] lines : corpus) {
                RawHttp.Answer answer = RawHttp.get(server.port(), "/x", lines);
                assertThat(answer.status()).as(String.join(" | ", lines)).isIn(400, 401);
                assertThat(answer.header("WWW-Authenticate")).isSubsetOf("Bearer");
            }
        }
        assertThat(probe.runs()).isZero();
        assertThat(keys.verifications()).hasValue(0);
    }
}
