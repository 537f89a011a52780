package dev.apikeys;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A block of IP addresses in CIDR notation, {@code 10.0.0.0/8}, {@code 2001:db8::/32}, or a single address. An IPv4
 * address that arrives mapped into IPv6 is compared as IPv4.
 *
 * <p>Immutable and thread-safe.
 */
public final class IpRange {
    private final String text;
    private final byte[] network;
    private final int prefixLength;

    private IpRange(String text, byte[] network, int prefixLength) {
        this.text = text;
        this.network = network;
        this.prefixLength = prefixLength;
    }

    /**
     * Reads an address or a block.
     *
     * @throws IllegalArgumentException when it is neither, when bits are set behind the prefix, as in
     *     {@code 10.0.0.1/8}, or when a block is written with a mapped address, as in {@code ::ffff:10.0.0.0/104}
     */
    public static IpRange parse(String text) {
        Objects.requireNonNull(text, "text");
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        byte[] bytes = IpAddress.parse(address).orElseThrow(() -> notARange(text));
        if (slash >= 0 && bytes.length == 4 && address.indexOf(':') >= 0) {
            // The prefix of a mapped address is ambiguous: it could count 32 bits or 128.
            throw notARange(text);
        }
        int bits = bytes.length * 8;
        int prefix =
                slash < 0 ? bits : prefixLength(text.substring(slash + 1), bits).orElseThrow(() -> notARange(text));
        if (!Arrays.equals(bytes, masked(bytes, prefix))) {
            throw new IllegalArgumentException(
                    "the address block has bits set behind its prefix: " + Text.printable(text, 64));
        }
        return new IpRange(text, bytes, prefix);
    }

    /**
     * Different addresses and blocks of a key, in the order in which they come first.
     *
     * @throws IllegalArgumentException as {@link #parse}, and when they are too many
     */
    static List<IpRange> distinct(String... texts) {
        requireFew(texts.length);
        return Arrays.stream(texts).map(IpRange::parse).distinct().toList();
    }

    /**
     * Checks how many addresses and blocks a key has.
     *
     * @throws IllegalArgumentException if there are too many
     */
    static void requireFew(int count) {
        if (count > ApiKey.MAX_ALLOWED_FROM) {
            throw new IllegalArgumentException(
                    "a key is limited to at most " + ApiKey.MAX_ALLOWED_FROM + " addresses and blocks: " + count);
        }
    }

    /** Tells whether one of the blocks contains the address literal, which is read once. */
    static boolean anyContains(List<IpRange> ranges, String address) {
        return IpAddress.parse(address)
                .filter(bytes -> ranges.stream().anyMatch(range -> range.contains(bytes)))
                .isPresent();
    }

    /** Tells whether the address literal is in the block. Other text never is. */
    public boolean contains(String address) {
        Objects.requireNonNull(address, "address");
        return IpAddress.parse(address).filter(this::contains).isPresent();
    }

    /** Tells whether every address of the other block is in this one. */
    public boolean covers(IpRange other) {
        Objects.requireNonNull(other, "other");
        return other.prefixLength >= prefixLength && contains(other.network);
    }

    private boolean contains(byte[] address) {
        int whole = prefixLength / 8;
        if (address.length != network.length || !Arrays.equals(network, 0, whole, address, 0, whole)) {
            return false;
        }
        int rest = prefixLength % 8;
        return rest == 0 || ((address[whole] ^ network[whole]) & 0xFF) >>> (8 - rest) == 0;
    }

    private static Optional<Integer> prefixLength(String digits, int bits) {
        if (digits.isEmpty() || digits.length() > 3 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.empty();
        }
        return Optional.of(Integer.parseInt(digits)).filter(length -> length <= bits);
    }

    private static byte[] masked(byte[] address, int prefixLength) {
        byte[] result = new byte[address.length];
        for (int i = 0; i < address.length; i++) {
            int bitsHere = Math.max(0, Math.min(8, prefixLength - i * 8));
            result[i] = (byte) (address[i] & (0xFF << (8 - bitsHere)));
        }
        return result;
    }

    private static IllegalArgumentException notARange(String text) {
        return new IllegalArgumentException("not an IP address or CIDR block: " + Text.printable(text, 64));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IpRange that
                && prefixLength == that.prefixLength
                && Arrays.equals(network, that.network);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(network) * 31 + prefixLength;
    }

    /** The block as it was written. */
    public String getBlock() {
        return text;
    }

    /** The block as it was written. */
    @Override
    public String toString() {
        return text;
    }
}
