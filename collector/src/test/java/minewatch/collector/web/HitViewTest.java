package minewatch.collector.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;

class HitViewTest {
    @Test
    void textThatCouldHideOrReorderIsMadeVisible() {
        assertThat(HitView.printable("a\u202Eb\u0000\u200Bc\r\n\t"))
                .isEqualTo("a\\u202eb\\u0000\\u200bc\\r\\n\\t");
    }

    @Test
    void ordinaryTextIsLeftAlone() {
        assertThat(HitView.printable("{\"矿工\": \"é𝟙\"}")).isEqualTo("{\"矿工\": \"é𝟙\"}");
    }

    @Test
    void addressesAreWrittenAsRfc5952Says() {
        assertThat(HitView.ip(bytes(10, 77, 0, 2))).isEqualTo("10.77.0.2");
        assertThat(HitView.ip(bytes(0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9)))
                .isEqualTo("2001:db8::9");
        assertThat(HitView.ip(bytes(1, 2, 3))).isEqualTo("0x010203");
    }

    private static ByteString bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return ByteString.copyFrom(bytes);
    }
}
