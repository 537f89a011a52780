package dev.apikeys;

import static dev.apikeys.testkit.TestKeys.rejected;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.apikeys.testkit.TestKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressLimitTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.255.255, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.0.0.0/8, 9.255.255.255, false",
        "10.0.0.0/8, ::ffff:10.1.2.3, true",
        "10.0.0.0/8, ::ffff:a01:203, true",
        "10.0.0.0/8, 0:0:0:0:0:FFFF:10.1.2.3, true",
        "10.0.0.0/8, ::10.1.2.3, false",
        "10.0.0.0/8, 2002:a01:203::, false",
        "192.0.2.128/25, 192.0.2.127, false",
        "192.0.2.128/25, 192.0.2.128, true",
        "192.0.2.128/31, 192.0.2.130, false",
        "192.0.2.1, 192.0.2.1, true",
        "192.0.2.1, 192.0.2.2, false",
        "192.0.2.1/32, 192.0.2.1, true",
        "192.0.2.8/29, 192.0.2.15, true",
        "192.0.2.8/29, 192.0.2.16, false",
        "10.64.0.0/10, 10.127.255.255, true",
        "10.64.0.0/10, 10.128.0.0, false",
        "2001:db8::1/128, 2001:db8::1, true",
        "2001:db8::1/128, 2001:db8::, false",
        "::ffff:192.0.2.1, 192.0.2.1, true",
        "0.0.0.0/0, 255.255.255.255, true",
        "0.0.0.0/0, ::1, false",
        "::/0, 2001:db8::1, true",
        "::/0, 10.0.0.1, false",
        "2001:db8::/32, 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff, true",
        "2001:db8::/32, 2001:DB8::1, true",
        "2001:db8::/32, 2001:db9::, false",
        "2001:db8::/33, 2001:db8:8000::, false",
        "::1, 0:0:0:0:0:0:0:1, true",
        "fe80::/10, fe80::1%eth0, false",
        "10.0.0.0/8, 10.1.2.3:443, false",
        "10.0.0.0/8, 10.1.2.3., false",
        "10.0.0.0/8, 10.1.2, false",
        "10.0.0.0/8, 010.1.2.3, false",
        "10.0.0.0/8, 0x0a.1.2.3, false",
        "10.0.0.0/8, 167838211, false",
        "10.0.0.0/8, localhost, false",
        "10.0.0.0/8, [::ffff:10.1.2.3], false",
        "10.0.0.0/8, '', false",
        "10.0.0.0/8, ' 10.1.2.3', false",
        "10.0.0.0/8, 10.1.2.\u0663, false",
    })
    void range_containsAddress_orNot(String range, String address, boolean contained) {
        assertThat(IpRange.parse(range).contains(address)).isEqualTo(contained);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/8",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/+8",
                "10.0.0.0/8/8",
                "10.0.0.0/0008",
                "10.0.0.0/\u0668",
                "::/129",
                "::/9999999999",
                "10.0.0.1/8",
                "2001:db8::1/32",
                "10.0.0",
                "10.0.0.256",
                "10.0.0.0.0",
                "10..0.0",
                "example.com",
                "example.com/8",
                "*",
                "10.*",
                ":::",
                "1:2",
                "fe80::1%eth0",
                "[::1]",
                "::ffff:010.0.0.1",
                "::ffff:10.0.0.01",
                "64:ff9b::010.0.0.1",
                "::ffff:10.0.0.0/104",
                "::ffff:10.0.0.0/8",
                "::ffff:0.0.0.0/0",
                "10.0.0.0 ",
                "\n"
            })
    void range_malformed_isRefusedByItsValue(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IpRange.parse(text))
                .withMessageContaining(text.strip());
    }

    @Test
    void range_malformed_isQuotedWithoutWhatBreaksALine() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IpRange.parse("10.0.0.0\r\n/8" + "x".repeat(100_000)))
                .satisfies(refusal -> assertThat(refusal.getMessage())
                        .doesNotContain("\r", "\n")
                        .hasSizeLessThan(200));
    }

    @Test
    void ranges_compareByWhatTheyMean() {
        assertThat(IpRange.parse("2001:DB8:0::/32"))
                .isEqualTo(IpRange.parse("2001:db8::/32"))
                .hasSameHashCodeAs(IpRange.parse("2001:db8::/32"))
                .hasToString("2001:DB8:0::/32")
                .isNotEqualTo(IpRange.parse("2001:db8::/33"));
        assertThat(IpRange.parse("0.0.0.0/0")).isNotEqualTo(IpRange.parse("::/0"));
    }

    /** Bit by bit, as an address is read. */
    @Test
    void range_coversAnother_whenItHasAllOfItsAddresses() {
        IpRange block = IpRange.parse("10.1.0.0/16");
        assertThat(block.covers(block)).isTrue();
        assertThat(block.covers(IpRange.parse("10.1.2.0/24"))).isTrue();
        assertThat(block.covers(IpRange.parse("10.1.2.3"))).isTrue();
        assertThat(block.covers(IpRange.parse("10.0.0.0/8"))).isFalse();
        assertThat(block.covers(IpRange.parse("10.2.0.0/16"))).isFalse();
        assertThat(IpRange.parse("::/0").covers(block)).isFalse();
        assertThat(IpRange.parse("10.1.0.0").covers(block)).isFalse();
    }

    @Test
    void range_ofEveryLength_containsWhatHasItsFirstBits() {
        Random random = new Random(7);
        for (int round = 0; round < 20_000; round++) {
            int bits = random.nextInt(33);
            int network = bits == 0 ? 0 : random.nextInt() & (-1 << (32 - bits));
            int address = random.nextBoolean() ? random.nextInt() : network ^ (1 << random.nextInt(32));
            boolean inside = bits == 0 || (network ^ address) >>> (32 - bits) == 0;

            assertThat(IpRange.parse(written(network) + "/" + bits).contains(written(address)))
                    .as("%s/%d, %s", written(network), bits, written(address))
                    .isEqualTo(inside);
        }
    }

    private static String written(int address) {
        return (address >>> 24) + "." + ((address >>> 16) & 0xFF) + "." + ((address >>> 8) & 0xFF) + "."
                + (address & 0xFF);
    }

    @Test
    void addresses_ofAKey_areDifferentOnes_andNotTooMany() {
        String[] most = IntStream.range(0, ApiKey.MAX_ALLOWED_FROM)
                .mapToObj(AddressLimitTest::written)
                .toArray(String[]::new);
        String[] tooMany = Stream.concat(Stream.of(most), Stream.of("::1")).toArray(String[]::new);

        assertThat(KeyUpdate.nothing().allowedFrom(most).allowedFrom().orElseThrow())
                .extracting(IpRange::getBlock)
                .containsExactly(most);
        assertThat(TestKeys.spec().allowedFrom("::1", "0::1", "::2").allowedFrom())
                .extracting(IpRange::getBlock)
                .containsExactly("::1", "::2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TestKeys.spec().allowedFrom(tooMany))
                .withMessageContaining("at most 500 addresses and blocks: 501");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyUpdate.nothing().allowedFrom(tooMany))
                .withMessageContaining("at most 500 addresses");
    }

    @Test
    void key_limitedToAddresses_isRefusedFromElsewhere() {
        try (TestKeys service = new TestKeys()) {
            IssuedKey issued = service.keys().issue(TestKeys.spec().allowedFrom("10.0.0.0/8", "2001:db8::/32"));

            for (String inside : List.of("10.9.9.9", "2001:db8::9", "::ffff:10.9.9.9")) {
                assertThat(verify(service, issued, ClientRequest.from(inside)))
                        .isInstanceOf(Verification.Accepted.class);
            }
            for (String outside : List.of("192.0.2.1", "2001:db9::9", "nonsense", "")) {
                assertThat(verify(service, issued, ClientRequest.from(outside)))
                        .isEqualTo(rejected(Rejection.IP_NOT_ALLOWED));
            }
            assertThat(service.verify(issued)).as("address unknown").isEqualTo(rejected(Rejection.IP_NOT_ALLOWED));
        }
    }

    @Test
    void address_whateverItIs_neverThrows() {
        long seed = 99;
        Random random = new Random(seed);
        IpRange range = IpRange.parse("::/0");
        String characters = "0123456789abcdefABCDEF::::....%[]/ x\u0000\u0660";
        for (int round = 0; round < 100_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(48); length > 0; length--) {
                text.append(characters.charAt(random.nextInt(characters.length())));
            }
            assertThatCode(() -> range.contains(text.toString()))
                    .as("seed %d, round %d: %s", seed, round, text)
                    .doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {".::1", ".:", "a.b:c", "dead.beef:", "::1.", "...:"})
    void address_thatLooksLikeAName_isNotAskedOfAResolver(String address, @TempDir Path directory) throws Exception {
        // A process whose resolver knows this name and nothing else.
        Path hosts = Files.writeString(directory.resolve("hosts"), "10.1.2.3 " + address + "\n");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-Djdk.net.hosts.file=" + hosts,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Contains.class.getName(),
                        "10.0.0.0/8",
                        address)
                .redirectErrorStream(true)
                .start();

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(Contains.NO);
    }

    /** Tells by its exit value whether a range contains an address. */
    static final class Contains {
        static final int YES = 10;
        static final int NO = 11;

        private Contains() {}

        public static void main(String[] arguments) {
            System.exit(IpRange.parse(arguments[0]).contains(arguments[1]) ? YES : NO);
        }
    }

    private static Verification verify(TestKeys service, IssuedKey issued, ClientRequest from) {
        return service.keys().verify(issued.token().reveal(), from);
    }
}
