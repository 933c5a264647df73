package minewatch.signatures.coinbase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PoolTableTest {
    private static final HexFormat HEX = HexFormat.of();

    /// Version, one input, no previous output.
    private static final String HEAD = "0100000001" + "00".repeat(32) + "ffffffff";

    private static final String ANTPOOL = "76a91411dbe48cc6b617f9c6adaf4d9ed5f625b1c7cb5988ac";
    private static final String NOBODY = "76a914" + "12".repeat(20) + "88ac";

    private final PoolTable table = PoolTable.builtIn();

    private static String hex(String text) {
        return HEX.formatHex(text.getBytes(StandardCharsets.UTF_8));
    }

    /// The halves of a coinbase whose script is `before`, 12 bytes of extranonces, `after`.
    private static @Nullable Coinbase coinbase(String before, String after, String... scripts) {
        int length = before.length() / 2 + 12 + after.length() / 2;
        StringBuilder tail = new StringBuilder(after).append("ffffffff");
        tail.append(HEX.toHexDigits((byte) scripts.length));
        for (String script : scripts) {
            tail.append("8818a21200000000")
                    .append(HEX.toHexDigits((byte) (script.length() / 2)))
                    .append(script);
        }
        return Coinbase.of(
                HEX.parseHex(HEAD + HEX.toHexDigits((byte) length) + before),
                HEX.parseHex(tail + "00000000"));
    }

    private @Nullable String pool(String before, String after, String... scripts) {
        PoolName name = table.find(Objects.requireNonNull(coinbase(before, after, scripts)));
        return name == null ? null : name.name() + " by " + name.by();
    }

    @Test
    void tagBeforeOrAfterTheExtranoncesNamesThePool() {
        assertThat(pool("03038d460d" + hex("Foundry USA Pool #dropgold/"), "", NOBODY))
                .isEqualTo("Foundry USA by coinbase-tag");
        assertThat(pool("03038d460d", hex("/slush/"), NOBODY))
                .isEqualTo("Braiins Pool by coinbase-tag");
    }

    @Test
    void payoutScriptCountsMoreThanTheTag() {
        assertThat(pool("03038d460d", hex("/slush/"), NOBODY, ANTPOOL))
                .isEqualTo("AntPool by payout-address");
    }

    @Test
    void longestTagWins() {
        assertThat(pool("03038d460d", hex("/ViaBTC/TATMAS Pool/"), NOBODY))
                .isEqualTo("TATMAS Pool by coinbase-tag");
    }

    @Test
    void unknownPoolHasNoName() {
        assertThat(pool("03038d460d", hex("/solo/"), NOBODY)).isNull();
    }

    @Test
    void textInAnOutputIsNoTag() {
        assertThat(pool("03038d460d", "", "6a07" + hex("/slush/"))).isNull();
    }

    @Test
    void outputsThatDoNotComeOutEvenAreNoCoinbase() {
        byte[] head = HEX.parseHex(HEAD + "10" + "03038d460d");
        assertThat(Coinbase.of(head, HEX.parseHex("ffffffff0188"))).isNull();
        assertThat(Coinbase.of(new byte[0], new byte[0])).isNull();
        assertThat(Coinbase.of(HEX.parseHex(HEAD + "ff"), new byte[100])).isNull();
    }

    @Test
    void brokenRowIsNamed() {
        assertThatThrownBy(() -> PoolTable.parse("pool,kind,value,script\nX,tag,,\n"))
                .hasMessage("pools.csv:2: X,tag,, (expected: pool,kind,value,script)");
    }
}
