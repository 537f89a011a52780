package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What the README shows, compiled and run. */
class ReadmeTest {
    @Test
    void quickstart_asShown_issuesAKeyAndVerifiesItsToken() {
        var store = new InMemoryApiKeyStore();
        // spotless:off
        // tag::quickstart[]
        KeyService keys = KeyService.builder(store).build();
        IssuedKey issued = keys.issue(KeySpec.forUser("alice", "org_1").named("CRM").mode(Mode.READ));
        Verification v = keys.verify(issued.token().reveal());
        // end::quickstart[]
        // spotless:on

        assertThat(v.orElseThrow().getName()).isEqualTo("alice");
        assertThat(v.orElseThrow().scopes().allows("read:systems")).isTrue();
        assertThat(v.orElseThrow().scopes().allows("manage:systems")).isFalse();
        keys.close();
    }
}
