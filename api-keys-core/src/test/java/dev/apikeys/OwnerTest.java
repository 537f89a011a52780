package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class OwnerTest {
    /** The longest subject of OpenID Connect. */
    private static final String LONGEST = "s".repeat(255);

    @Test
    void ids_of255Characters_areTaken() {
        Owner owner = new Owner(LONGEST, LONGEST, LONGEST);
        assertThat(owner.user()).hasSize(255);
        assertThat(Actor.of(LONGEST).id()).hasSize(255);
    }

    @Test
    void ids_of256Characters_areRefused() {
        String tooLong = LONGEST + "s";
        assertThatThrownBy(() -> Owner.user(tooLong)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Owner.organization(tooLong)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Owner("u", "o", tooLong)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Actor.of(tooLong)).isInstanceOf(IllegalArgumentException.class);
    }
}
