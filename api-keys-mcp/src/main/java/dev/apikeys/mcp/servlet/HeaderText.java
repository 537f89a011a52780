package dev.apikeys.mcp.servlet;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Text in the protocol's own headers: as it is, or in Base64 where it isn't visible ASCII. */
final class HeaderText {
    private static final String START = "=?base64?";
    private static final String END = "?=";

    private HeaderText() {}

    /** The text; the header as it is where it isn't encoded well. */
    static String decoded(String header) {
        if (!header.startsWith(START) || !header.endsWith(END) || header.length() < START.length() + END.length()) {
            return header;
        }
        String encoded = header.substring(START.length(), header.length() - END.length());
        try {
            return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notBase64) {
            return header;
        }
    }
}
