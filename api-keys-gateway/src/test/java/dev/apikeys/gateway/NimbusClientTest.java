package dev.apikeys.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.oauth2.sdk.TokenIntrospectionRequest;
import com.nimbusds.oauth2.sdk.TokenIntrospectionResponse;
import com.nimbusds.oauth2.sdk.TokenIntrospectionSuccessResponse;
import com.nimbusds.oauth2.sdk.TokenRevocationRequest;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.token.BearerAccessToken;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyOptions;
import dev.apikeys.KeyOptions.SelfRevocation;
import dev.apikeys.testkit.TestKeys;
import dev.apikeys.testservers.ServletServer.Container;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client of RFC 7662 and RFC 7009 that knows nothing of this library. */
class NimbusClientTest {
    private final TestKeys service = new TestKeys();
    private final IssuedKey key =
            service.keys().issue(TestKeys.spec().with(KeyOptions.DEFAULT.with(SelfRevocation.ALLOWED)));
    private final BearerAccessToken asked = new BearerAccessToken(key.token().reveal());
    private String caller;
    private Verifying server;

    @BeforeEach
    void start() throws Exception {
        caller = Verifying.caller(service);
        VerificationServlet servlet = VerificationServlet.builder(service.keys())
                .introspection(Callers.withScope(Verifying.SCOPE))
                .revocation()
                .build();
        server = Verifying.at(Container.TOMCAT, servlet, caller);
    }

    @AfterEach
    void close() {
        server.close();
        service.close();
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    private TokenIntrospectionSuccessResponse ask(TokenIntrospectionRequest request) throws Exception {
        TokenIntrospectionResponse answer =
                TokenIntrospectionResponse.parse(request.toHTTPRequest().send());
        assertThat(answer.indicatesSuccess()).isTrue();
        return answer.toSuccessResponse();
    }

    @Test
    void client_readsWhatATokenIsGoodFor_andRevokesIt() throws Exception {
        TokenIntrospectionRequest byBearer =
                new TokenIntrospectionRequest(uri("/keys/introspect"), new BearerAccessToken(caller), asked);
        TokenIntrospectionRequest byBasic = new TokenIntrospectionRequest(
                uri("/keys/introspect"), new ClientSecretBasic(new ClientID(caller), new Secret("unused")), asked);
        for (TokenIntrospectionRequest request : new TokenIntrospectionRequest[] {byBearer, byBasic}) {
            TokenIntrospectionSuccessResponse answer = ask(request);
            assertThat(answer.isActive()).isTrue();
            assertThat(answer.getSubject().getValue()).isEqualTo("alice");
            assertThat(answer.getClientID().getValue()).isEqualTo(key.key().id().toString());
            assertThat(answer.getScope().toStringList()).contains("manage:*", "read:*");
            assertThat(answer.getIssueTime().toInstant().getEpochSecond())
                    .isEqualTo(key.key().createdAt().getEpochSecond());
            assertThat(answer.getJSONObjectParameter("api_key").get("organization"))
                    .isEqualTo("org_1");
        }

        HTTPResponse revoked = new TokenRevocationRequest(uri("/keys/revoke"), new ClientID("anybody"), asked)
                .toHTTPRequest()
                .send();
        assertThat(revoked.getStatusCode()).isEqualTo(200);
        assertThat(ask(byBearer).isActive()).isFalse();
    }
}
