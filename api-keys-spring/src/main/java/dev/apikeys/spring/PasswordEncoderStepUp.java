package dev.apikeys.spring;

import dev.apikeys.spi.StepUp;
import dev.apikeys.spi.StepUp.Password;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.crypto.password.PasswordEncoder;

/**
 * Checks the password of a person by the application's {@link UserDetailsService} and {@link PasswordEncoder}, before a
 * key is issued.
 *
 * <p>Thread-safe.
 */
public final class PasswordEncoderStepUp implements StepUp {
    private final UserDetailsService users;
    private final PasswordEncoder encoder;

    /** Checks by these. */
    public PasswordEncoderStepUp(UserDetailsService users, PasswordEncoder encoder) {
        this.users = users;
        this.encoder = encoder;
    }

    @Override
    public Result prove(String user, Password typed) {
        UserDetails details;
        try {
            details = users.loadUserByUsername(user);
        } catch (UsernameNotFoundException gone) {
            return Result.WRONG;
        } catch (Exception away) {
            return Result.UNAVAILABLE;
        }
        boolean maySignIn = details.isEnabled()
                && details.isAccountNonLocked()
                && details.isAccountNonExpired()
                && details.isCredentialsNonExpired();
        String stored = details.getPassword();
        return maySignIn && stored != null && encoder.matches(typed.reveal(), stored) ? Result.PROVEN : Result.WRONG;
    }
}
