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

    /** Nothing to see is no name; the last ones are drawn as nothing though Unicode calls them letters or symbols. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u200b", "\u00a0", "\u2007", "\u202f", "\ufeff", "\u2060", "\u00ad", "\u200d", "\u200e", "\u3000",
                "\u180e", "\ufe0f", "\u034f", "\u3164", "\uffa0", "\u115f", "\u2800"
            })
    void invisibleCharacters_alone_nameNothing_andAreRemovedAtTheEndsOfAName(String invisible) {
        String text = invisible + " " + invisible.repeat(3);
        assertThatIllegalArgumentException().isThrownBy(() -> TestKeys.spec().named(text));
        assertThatIllegalArgumentException().isThrownBy(() -> TestKeys.spec().uniquelyNamed(invisible));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyUpdate.nothing().named(invisible));
        assertThatIllegalArgumentException().isThrownBy(() -> KeySpec.forUser(invisible, "org_1"));
        assertThatIllegalArgumentException().isThrownBy(() -> Owner.organization(text));
        assertThatIllegalArgumentException().isThrownBy(() -> Actor.of(invisible));
        assertThatIllegalArgumentException().isThrownBy(() -> KeyOptions.DEFAULT.labelled(invisible));
        assertThat(KeyName.trimmed(text)).isEmpty();
        assertThat(KeyFilter.everything().search(text).search()).isEmpty();

        boolean partOfACharacter = invisible.equals("\ufe0f");
        assertThat(KeyName.trimmed(invisible + " CRM 1 " + invisible))
                .isEqualTo(partOfACharacter ? invisible + " CRM 1 " + invisible : "CRM 1");
        assertThat(KeyName.trimmed("C" + invisible + "M")).isEqualTo("C" + invisible + "M");
    }

    /** A heart in red ends in a variation selector, the flag of Scotland in a tag, and a family holds joiners. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u2764\ufe0f",
                "\ud83c\udff4\udb40\udc67\udb40\udc62\udb40\udc73\udb40\udc63\udb40\udc74\udb40\udc7f",
                "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67",
                "a\u0301"
            })
    void characters_madeOfSeveral_keepTheirEnds(String character) {
        assertThat(KeyName.trimmed("\u200b" + character + "\u00a0")).isEqualTo(character);
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
