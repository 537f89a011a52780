package dev.apikeys;

import dev.apikeys.spi.PasswordHashing;

/** Accepts every secret as long as the hash says, {@code $6} for instance, so that nothing keeps a secret. */
final class LengthHashing implements PasswordHashing {
    @Override
    public boolean supports(String encoded) {
        return true;
    }

    @Override
    public int maxSecretBytes(String encoded) {
        return Integer.MAX_VALUE;
    }

    @Override
    public boolean matches(String secret, String encoded) {
        return encoded.equals("$" + secret.length());
    }
}
