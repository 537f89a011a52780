package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.apikeys.mcp.IdAllowlist;
import dev.apikeys.mcp.McpPolicy;
import dev.apikeys.mcp.McpPreset;
import dev.apikeys.spi.ImportedTokens;
import dev.apikeys.spi.SecretHash;
import dev.apikeys.spi.StepUp;
import dev.apikeys.spi.StoredCredential;
import dev.apikeys.testkit.SampleKey;
import dev.apikeys.testkit.TestKeys;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

/** What Jackson makes of the values of this library, which knows no JSON: something sensible, and never a secret. */
class JsonTest {
    private static final ObjectMapper READER = new ObjectMapper();
    private static final String SECRET = "canary-7c1f0a9be2d84653-canary-0001";

    private TestKeys service;
    private IssuedKey issued;
    private KeyPrincipal principal;

    /** Mappers as a host has them, without a setting for this library. */
    enum Mapper {
        JACKSON_2 {
            @Override
            String write(Object value) throws Exception {
                return new ObjectMapper().registerModule(new JavaTimeModule()).writeValueAsString(value);
            }
        },
        JACKSON_3 {
            @Override
            String write(Object value) {
                return JsonMapper.builder().build().writeValueAsString(value);
            }
        };

        abstract String write(Object value) throws Exception;

        JsonNode tree(Object value) throws Exception {
            return READER.readTree(write(value));
        }
    }

    /** Mappers of hosts that want to see everything, and whatever is wrong with it, too. */
    enum CuriousMapper {
        JACKSON_2 {
            @Override
            String write(Object value) throws Exception {
                return new ObjectMapper()
                        .registerModule(new JavaTimeModule())
                        .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                        .setVisibility(PropertyAccessor.ALL, Visibility.NONE)
                        .setVisibility(PropertyAccessor.FIELD, Visibility.ANY)
                        .writeValueAsString(value);
            }
        },
        JACKSON_3 {
            @Override
            String write(Object value) {
                return JsonMapper.builder()
                        .changeDefaultVisibility(all -> all.withFieldVisibility(Visibility.ANY))
                        .build()
                        .writeValueAsString(value);
            }
        };

        abstract String write(Object value) throws Exception;
    }

    @BeforeEach
    void issue() {
        service = new TestKeys();
        McpPolicy reading = McpPolicy.of(McpPreset.READ_ONLY).projects(IdAllowlist.of(List.of("p1")));
        issued = service.keys()
                .issue(TestKeys.spec()
                        .scopes("read:systems", "manage:systems")
                        .allowedFrom("10.0.0.0/8")
                        .with(KeyOptions.DEFAULT.with(reading)));
        principal = service.keys()
                .verify(issued.token().reveal(), ClientRequest.from("10.0.0.1"))
                .orElseThrow();
    }

    @AfterEach
    void close() {
        service.close();
    }

    @ParameterizedTest
    @EnumSource
    void principal_asJson_tellsWhoItIsAndWhatItMayDo(Mapper mapper) throws Exception {
        JsonNode json = mapper.tree(principal);

        assertThat(json.get("name").textValue()).isEqualTo("alice");
        assertThat(json.get("keyId").textValue()).isEqualTo(issued.key().id().toString());
        assertThat(json.get("kind").textValue()).isEqualTo("PERSONAL");
        assertThat(json.get("owner"))
                .isEqualTo(READER.readTree("{\"user\":\"alice\",\"organization\":\"org_1\",\"workspace\":null}"));
        assertThat(json.get("scopes"))
                .isEqualTo(READER.readTree("[{\"verb\":\"manage\",\"resource\":\"systems\"},"
                        + "{\"verb\":\"read\",\"resource\":\"systems\"}]"));
        assertThat(json.get("expiresAt").isNull()).isFalse();
        assertThat(json.get("freshness").textValue()).isEqualTo("CONFIRMED");
        JsonNode mcp = json.get("mcp");
        assertThat(mcp.get("active").booleanValue()).isTrue();
        assertThat(mcp.get("preset").textValue()).isEqualTo("READ_ONLY");
        assertThat(mcp.get("readOnly").booleanValue()).isTrue();
        assertThat(mcp.get("allowlistMode").textValue()).isEqualTo("ALL");
        assertThat(mcp.get("tools")).isEmpty();
        assertThat(mcp.get("permissions")).hasSize(6);
        assertThat(mcp.get("projects")).isEqualTo(READER.readTree("{\"every\":false,\"none\":false,\"ids\":[\"p1\"]}"));
        assertThat(mcp.get("instances").get("every").booleanValue()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void keyWithoutScopes_asJson_hasAnEmptyList(Mapper mapper) throws Exception {
        EffectiveScopes none = ScopePolicy.DEFAULT.effective(Grant.of(Scopes.NONE), Scopes.ALL);

        assertThat(mapper.write(none)).isEqualTo("[]");
        assertThat(mapper.write(Scopes.NONE)).isEqualTo("[]");
    }

    @ParameterizedTest
    @EnumSource
    void issuedKey_asJson_tellsTheKeyAndOfTheTokenThePublicPart(Mapper mapper) throws Exception {
        JsonNode json = mapper.tree(issued);
        JsonNode key = json.get("key");

        assertThat(json.get("token"))
                .isEqualTo(
                        READER.readTree("{\"publicPart\":\"myk_" + issued.key().publicId() + "\"}"));
        assertThat(key.get("id").textValue()).isEqualTo(issued.key().id().toString());
        assertThat(key.get("grant").get("scopes")).hasSize(2);
        assertThat(key.get("allowedFrom")).isEqualTo(READER.readTree("[{\"block\":\"10.0.0.0/8\"}]"));
        assertThat(key.get("options").get("selfRevocation").textValue()).isEqualTo("REFUSED");
        assertThat(key.get("options").get("mcp").get("preset").textValue()).isEqualTo("READ_ONLY");
        assertThat(key.get("revocation").isNull()).isTrue();
        assertThat(mapper.write(Grant.of(Mode.READ))).isEqualTo("{\"mode\":\"READ\"}");
    }

    @ParameterizedTest
    @EnumSource
    void valuesThatHostsGet_asJson_areObjects(Mapper mapper) throws Exception {
        service.keys().verify(issued.token().reveal() + "0");
        RevocationReceipt receipt = service.keys().revoke(TestKeys.ref(issued), TestKeys.ACTOR, "lost");
        Page<AuditEntry> trail = service.keys().audit(AuditFilter.everything(), PageRequest.first(10));

        assertThat(mapper.tree(new Verification.Accepted(principal))
                        .at("/principal/name")
                        .textValue())
                .isEqualTo("alice");
        assertThat(mapper.write(new Verification.Rejected(Rejection.EXPIRED))).isEqualTo("{\"reason\":\"EXPIRED\"}");
        assertThat(mapper.tree(receipt).at("/key/revocation/reason").textValue())
                .isEqualTo("lost");
        assertThat(mapper.tree(new KeyEvent.Revoked(receipt.key(), TestKeys.ACTOR))
                        .at("/actor/id")
                        .textValue())
                .isEqualTo("alice");
        JsonNode entry = mapper.tree(trail).at("/items/0");
        assertThat(entry.get("event").textValue()).isEqualTo("REVOKED");
        assertThat(entry.get("owner").get("user").textValue()).isEqualTo("alice");
        assertThat(mapper.tree(service.keys().stats()).get("rejected").isObject())
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void secrets_whoeverWritesThem_areNotThere(Mapper mapper) {
        assertNoSecret(mapper::write);
    }

    @ParameterizedTest
    @EnumSource
    void secrets_whoeverWritesEveryField_areNotThere(CuriousMapper mapper) {
        assertNoSecret(mapper::write);
    }

    private interface Writer {
        String write(Object value) throws Exception;
    }

    private void assertNoSecret(Writer writer) {
        SecretHash hash = new SecretHash(SECRET);
        String token = issued.token().reveal();
        List<Object> holders = List.of(
                issued,
                issued.token(),
                principal,
                hash,
                Pepper.of("p1", SECRET.getBytes(StandardCharsets.US_ASCII)),
                StepUp.Password.of(SECRET),
                ImportedToken.of("lookup", SECRET),
                new ImportedTokens.Parts("lookup", SECRET),
                new StoredCredential(issued.key().publicId(), hash, null, issued.key()),
                SampleKey.toAdd(issued.key(), hash));
        for (Object holder : holders) {
            assertThat(written(writer, holder))
                    .as(holder.getClass().getSimpleName())
                    .isNotEmpty()
                    .doesNotContain(
                            SECRET,
                            Base64.getEncoder().encodeToString(SECRET.getBytes(StandardCharsets.US_ASCII)),
                            token.substring(token.indexOf('.')));
        }
    }

    /** Some mappers refuse what has nothing to show; what they say of it must have no secret either. */
    private static String written(Writer writer, Object holder) {
        try {
            return writer.write(holder);
        } catch (Exception refused) {
            return refused.toString();
        }
    }
}
