package minewatch.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.protobuf.ByteString;
import java.net.InetAddress;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {
    /// RFC 5952 §4 and its recommendations.
    @ParameterizedTest
    @CsvSource({
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:0db8::0001, 2001:db8::1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:db8:0:0:0:0:2:1, 2001:db8::2:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "2001:DB8::AAAA, 2001:db8::aaaa",
        "0:0:0:0:0:0:0:0, ::",
        "0:0:0:0:0:0:0:1, ::1",
        "1:0:0:0:0:0:0:0, 1::",
        "64:ff9b::192.0.2.33, 64:ff9b::c000:221",
        "10.77.0.2, 10.77.0.2",
    })
    void textIsCanonical(String written, String canonical) {
        assertThat(Addresses.text(Addresses.parse(written))).isEqualTo(canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", ":", ":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7::8",
                "12345::", "g::", "1.2.3", "1.2.3.4.5", "01.2.3.4", "256.1.1.1", "1.2.3.4::",
                "fe80::1%eth0", "::ffff:1.2.3.4", "1.2.3.4 ", "localhost", "1:2:3:4:5:6:7:1.2.3.4"
            })
    void everythingElseIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Addresses.parse(text))
                .withMessage(text + " (expected: an IPv4 or IPv6 address)");
    }

    @Property
    void writtenAddressParsesToTheSameAndToWhatTheJdkReads(@ForAll("addresses") byte[] bytes)
            throws Exception {
        String text = Addresses.text(bytes);
        assertThat(Addresses.parse(text)).isEqualTo(ByteString.copyFrom(bytes));
        assertThat(InetAddress.ofLiteral(text).getAddress()).isEqualTo(bytes);
    }

    @Provide
    Arbitrary<byte[]> addresses() {
        Arbitrary<Byte> mostlyZero =
                Arbitraries.oneOf(Arbitraries.just((byte) 0), Arbitraries.bytes());
        return Arbitraries.of(4, 16)
                .flatMap(n -> mostlyZero.array(byte[].class).ofSize(n))
                .filter(Addresses::isAddress);
    }
}
