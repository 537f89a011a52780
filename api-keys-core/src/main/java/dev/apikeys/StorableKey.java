package dev.apikeys;

import dev.apikeys.text.VisibleAscii;
import java.util.List;

/**
 * What every store can keep of an imported key. A store may refuse a whole batch for one key with anything else, so such a key
 * is refused before.
 */
final class StorableKey {
    /** In ASCII characters, as {@link dev.apikeys.spi.SecretHash} says. */
    static final int MAX_HASH_LENGTH = 512;

    private StorableKey() {}

    /**
     * Checks the key. What its types check is not checked again.
     *
     * @throws IllegalArgumentException if a store may refuse it; the message shows no hash
     */
    static void require(ExportedKey imported, TokenFormat format) {
        ApiKey key = imported.key();
        KeyName.checked(key.name());
        IpRange.requireFew(key.allowedFrom().size());
        if (key.revocation() != null) {
            Actor.of(key.revocation().by());
        }
        ApiKey.LastUse use = key.lastUse();
        if (use != null && use.address() != null && !Text.isSingleLine(use.address())) {
            throw new IllegalArgumentException("the address of a key's latest use holds a control character");
        }
        if (key.version() < 1) {
            throw new IllegalArgumentException("the version of a key is 1 or more: " + key.version());
        }
        requireTokens(imported.tokens(), format);
    }

    private static void requireTokens(List<ExportedKey.Token> tokens, TokenFormat format) {
        for (ExportedKey.Token token : tokens) {
            if (!format.isPublicId(token.publicId())) {
                throw new IllegalArgumentException(
                        "a token's public id isn't one of this service's token format: its length or a digit differs");
            }
            String hash = token.hash().encoded();
            if (hash.isEmpty() || hash.length() > MAX_HASH_LENGTH || !VisibleAscii.isVisible(hash)) {
                throw new IllegalArgumentException("a token's hash has 1 to " + MAX_HASH_LENGTH
                        + " visible ASCII characters; it isn't shown here");
            }
        }
        if (tokens.stream().map(ExportedKey.Token::publicId).distinct().count() < tokens.size()) {
            throw new IllegalArgumentException("two tokens of the key have the same public id");
        }
    }
}
