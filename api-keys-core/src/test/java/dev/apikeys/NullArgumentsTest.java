package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.mcp.IdAllowlist;
import dev.apikeys.mcp.McpCall;
import dev.apikeys.mcp.McpPolicy;
import dev.apikeys.nulls.NullArguments;
import dev.apikeys.nulls.Samples;
import dev.apikeys.spi.ChangeBatch;
import dev.apikeys.spi.ChangeFeed;
import dev.apikeys.spi.FeedPosition;
import dev.apikeys.spi.ImportedTokens;
import dev.apikeys.spi.KeyChange;
import dev.apikeys.spi.KeyImport;
import dev.apikeys.spi.NewKey.NameRule;
import dev.apikeys.spi.NoticeQuery;
import dev.apikeys.spi.SecretHash;
import dev.apikeys.spi.StepUp;
import dev.apikeys.testkit.SampleKey;
import dev.apikeys.testkit.TestKeys;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class NullArgumentsTest {
    private static final Set<String> EXPORTED = Set.of("dev.apikeys", "dev.apikeys.mcp", "dev.apikeys.spi");

    @Test
    void null_forAParameterThatMustNotBe_isRefusedByItsName() {
        try (TestKeys service = new TestKeys()) {
            InMemoryApiKeyStore store = new InMemoryApiKeyStore();
            IssuedKey issued = service.issue();
            ApiKey key = issued.key();
            KeyPrincipal principal = service.verify(issued).orElseThrow();
            Samples samples = new Samples(
                    store,
                    service.keys(),
                    KeyService.builder(store),
                    issued,
                    key,
                    issued.token(),
                    principal,
                    principal.scopes(),
                    TestKeys.ALICE,
                    TestKeys.ACTOR,
                    TestKeys.spec(),
                    TestKeys.ref(issued),
                    ClientRequest.NONE,
                    KeyUpdate.nothing(),
                    KeyFilter.everything(),
                    AuditFilter.everything(),
                    SampleKey.audit(key, AuditEvent.CREATED, Instant.EPOCH),
                    KeyOptions.DEFAULT,
                    KeyPolicy.DEFAULT,
                    LeasePolicy.DEFAULT,
                    ScopePolicy.DEFAULT,
                    NoticePolicy.DEFAULT,
                    IdlePolicy.reportAfter(Duration.ofDays(1)).pauseAfter(Duration.ofDays(1)),
                    service.keys().cleanUp(),
                    Scopes.ALL,
                    Scope.parse("read:systems"),
                    IpRange.parse("10.0.0.0/8"),
                    Grant.of(Mode.READ),
                    PageRequest.first(1),
                    new PageRequest.Position(Instant.EPOCH, new UUID(0, 1)),
                    Pepper.of("p1", new byte[Pepper.MIN_BYTES]),
                    TokenFormat.DEFAULT,
                    TokenFormat.builder(),
                    ImportedToken.of("lookup", "$2b$hash"),
                    ImportedHmacKey.of("old", new byte[ImportedHmacKey.MIN_BYTES]),
                    ImportedForm.laravelSanctum(),
                    TokenDigest.sha256(),
                    ImportedKey.of(TestKeys.spec(), ImportedToken.of("lookup", "$2b$hash")),
                    ImportOptions.DEFAULT,
                    service.keys().transfer(),
                    exported(key),
                    exported(key).currentToken(),
                    new KeyImport(
                            exported(key),
                            KeyImport.NO_LIMIT,
                            NameRule.ANY,
                            SampleKey.audit(key, AuditEvent.CREATED, Instant.EPOCH)),
                    ApiKey.McpSessions.NONE,
                    SampleKey.toAdd(key, 1),
                    SampleKey.pause(key),
                    new SecretHash("sha256$00"),
                    new FeedPosition("incarnation", 1, 1),
                    new ApiKey.LastUse(Instant.EPOCH, null),
                    new ApiKey.Revocation(Instant.EPOCH, "alice", ""),
                    new KeyChange.Rotation(new SecretHash("sha256$00"), Instant.EPOCH),
                    (ImportedTokens) presented -> Optional.empty(),
                    new ImportedTokens.Parts("lookup", "secret"),
                    StepUp.Password.of("password"),
                    McpPolicy.DEFAULT,
                    McpCall.of("ping"),
                    IdAllowlist.EVERY,
                    new NoticeQuery.Earlier("expiring", Instant.EPOCH),
                    new InMemoryApiKeyStore().housekeeping(),
                    new QuietFeed(),
                    new LengthHashing());

            assertThat(new NullArguments(samples)
                            .check(KeyService.class, type -> EXPORTED.contains(type.getPackageName())))
                    .isEmpty();
        }
    }

    private static ExportedKey exported(ApiKey key) {
        return new ExportedKey(key, List.of(new ExportedKey.Token(key.publicId(), new SecretHash("sha256$00"), null)));
    }

    /** Has the defaults of the interface. */
    private static final class QuietFeed implements ChangeFeed {
        @Override
        public ChangeBatch read(FeedPosition last) {
            return new ChangeBatch(last, ChangeBatch.Continuity.CONTINUOUS, List.of(), null);
        }

        @Override
        public void close() {
            assertThat(awaitHint(Duration.ZERO)).isEqualTo(Hint.UNSUPPORTED);
        }
    }
}
