package dev.apikeys;

import static dev.apikeys.testkit.TestKeys.ACTOR;
import static dev.apikeys.testkit.TestKeys.ref;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.apikeys.testkit.TestKeys;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Threat T32: no text from outside breaks a line, hides or turns what stands beside it. */
class HostileTextTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r",
                "\n",
                "\r\n",
                "\u001b",
                "\u001b[2J",
                "\u0000",
                "\u007f",
                "\u0085",
                "\u009b",
                "\u2028",
                "\u2029",
                "\u202a",
                "\u202b",
                "\u202d",
                "\u202e",
                "\u2066",
                "\u2067",
                "\u2069",
                "\ud800",
                "\udc00",
                "\t"
            })
    void text_thatBreaksALine_isRefusedWhereItNames_andNeutralisedWhereItTells(String evil) {
        String text = "a" + evil + "b";

        refuses(() -> TestKeys.spec().named(text), evil);
        refuses(() -> KeyUpdate.nothing().named(text), evil);
        refuses(() -> KeySpec.forUser(text, "org_1"), evil);
        refuses(() -> KeySpec.forUser("alice", text), evil);
        refuses(() -> KeySpec.forWorkspace("alice", "org_1", text), evil);
        refuses(() -> KeySpec.forOrganization(text), evil);
        refuses(() -> Actor.of(text), evil);
        refuses(() -> Scope.parse(text + ":b"), evil);
        refuses(() -> IpRange.parse(text), evil);
        refuses(() -> TokenFormat.builder().prefix(text), evil);
        refuses(() -> Pepper.of(text, new byte[32]), evil);

        ClientRequest request = new ClientRequest(text, text, text);
        assertThat(request.address()).startsWith("a\ufffd").endsWith("b").doesNotContain(evil);
        assertThat(request.toString()).doesNotContain(evil);
        try (TestKeys service = new TestKeys()) {
            IssuedKey issued = service.issue();
            service.verify(issued);
            service.keys().verify(issued.token().reveal(), request);
            service.keys().flush();
            ApiKey revoked = service.keys()
                    .revoke(ref(issued), new Actor("alice", request), text)
                    .key();
            service.keys().verify(issued.token().reveal(), request);
            service.keys().flush();

            assertThat(revoked.revocation().reason()).startsWith("a\ufffd").doesNotContain(evil);
            assertThat(service.keys().find(issued.key().id()).toString()).doesNotContain(evil);
            assertThat(service.keys()
                            .audit(AuditFilter.everything(), PageRequest.first(10))
                            .toString())
                    .doesNotContain(evil);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Zoë's CRM", "鍵", "\ud83d\udd11 prod", "a\u0301", "İstanbul ıI", "x\u200dy", "<b>&\"'"})
    void text_ofAnyLanguage_isKeptAsItIs(String name) {
        try (TestKeys service = new TestKeys()) {
            IssuedKey issued = service.keys()
                    .issue(KeySpec.forUser(name, "org_1").named(name).mode(Mode.READ));

            assertThat(issued.key().name()).isEqualTo(name);
            assertThat(service.keys()
                            .revoke(ref(issued), ACTOR, name)
                            .key()
                            .revocation()
                            .reason())
                    .isEqualTo(name);
            assertThat(service.keys().listAll(KeyFilter.everything().search(name)))
                    .hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {256, 10_000})
    void text_thatIsTooLong_isCutWhereItTells_betweenCharacters(int length) {
        String key = "\ud83d\udd11";
        String text = key.repeat(length);
        try (TestKeys service = new TestKeys()) {
            IssuedKey issued = service.issue();
            ApiKey revoked = service.keys().revoke(ref(issued), ACTOR, text).key();

            assertThat(revoked.revocation().reason()).isEqualTo(key.repeat(255));
            assertThat(new ClientRequest(text, text, text))
                    .isEqualTo(new ClientRequest(key.repeat(45), key.repeat(16), key.repeat(Math.min(512, length))));
        }
    }

    private static void refuses(ThrowingCallable step, String evil) {
        assertThatIllegalArgumentException()
                .isThrownBy(step)
                .satisfies(refusal -> assertThat(refusal.getMessage()).doesNotContain(evil));
    }
}
