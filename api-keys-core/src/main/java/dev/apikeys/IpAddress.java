package dev.apikeys;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** Reads address literals only, never names, so it can't cause a DNS query. */
final class IpAddress {
    private static final int MAX_LENGTH = 45;

    private IpAddress() {}

    /**
     * The 4 or 16 bytes of an address literal; an IPv4 address mapped into IPv6 is returned as its 4 bytes. Empty for
     * anything else: names, zone ids, brackets, ports, octal or shortened IPv4 forms.
     */
    static Optional<byte[]> parse(String text) {
        if (text.isEmpty() || text.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        return text.indexOf(':') >= 0 ? parseV6(text) : parseV4(text);
    }

    private static Optional<byte[]> parseV4(String text) {
        byte[] bytes = new byte[4];
        int index = 0;
        int value = -1;
        for (int i = 0; i <= text.length(); i++) {
            char c = i == text.length() ? '.' : text.charAt(i);
            if (c == '.') {
                if (value < 0 || index == 4) {
                    return Optional.empty();
                }
                bytes[index++] = (byte) value;
                value = -1;
            } else if (c >= '0' && c <= '9' && value != 0) {
                value = (value < 0 ? 0 : value) * 10 + (c - '0');
                if (value > 255) {
                    return Optional.empty();
                }
            } else {
                return Optional.empty();
            }
        }
        return index == 4 ? Optional.of(bytes) : Optional.empty();
    }

    private static Optional<byte[]> parseV6(String text) {
        if (text.charAt(0) == '.') {
            return Optional.empty();
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != ':' && c != '.' && Hex.value(c) < 0 && !(c >= 'A' && c <= 'F')) {
                return Optional.empty();
            }
        }
        boolean endsLikeV4 = text.indexOf('.') >= 0;
        if (endsLikeV4 && parseV4(text.substring(text.lastIndexOf(':') + 1)).isEmpty()) {
            return Optional.empty();
        }
        try {
            // The text has a colon, only these characters, and no leading dot. So the JDK reads a literal or fails, and
            // never asks a resolver.
            return Optional.of(InetAddress.getByName(text).getAddress());
        } catch (UnknownHostException notAnAddress) {
            return Optional.empty();
        }
    }
}
