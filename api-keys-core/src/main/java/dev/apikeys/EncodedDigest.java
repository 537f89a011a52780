package dev.apikeys;

import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Reads digests as other systems write them. */
final class EncodedDigest {
    private static final int[] BYTES = {16, 20, 32, 64};

    private EncodedDigest() {}

    /**
     * The bytes of a digest of 16, 20, 32 or 64 bytes; null if the text is none. Each length has one meaning: no number of
     * digits is also the length of another digest in Base64.
     */
    static byte @Nullable [] decode(String text) {
        try {
            for (int bytes : BYTES) {
                if (text.length() == 2 * bytes) {
                    return HexFormat.of().parseHex(text);
                }
                int unpadded = (bytes * 8 + 5) / 6;
                int padded = (bytes + 2) / 3 * 4;
                if (text.length() == unpadded || (text.length() == padded && text.endsWith("="))) {
                    boolean isUrl = text.indexOf('-') >= 0 || text.indexOf('_') >= 0;
                    return (isUrl ? Base64.getUrlDecoder() : Base64.getDecoder()).decode(text);
                }
            }
            return null;
        } catch (IllegalArgumentException notEncoded) {
            return null;
        }
    }
}
