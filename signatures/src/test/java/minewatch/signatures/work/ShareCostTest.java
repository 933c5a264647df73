package minewatch.signatures.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import minewatch.signatures.WorkRule;
import minewatch.signatures.WorkRule.TargetForm;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class ShareCostTest {
    private static final WorkRule BITCOIN = new WorkRule(4295032833.0, TargetForm.NONE, "H/s");
    private static final WorkRule BIG = new WorkRule(Double.NaN, TargetForm.BIG_ENDIAN_256, "H/s");
    private static final WorkRule MONERO = new WorkRule(Double.NaN, TargetForm.CRYPTONOTE, "H/s");

    @Test
    void difficultyOneOfBitcoinIsAboutTwoToThe32() {
        assertThat(ShareCost.ofDifficulty(BITCOIN, 1)).isEqualTo(4295032833.0);
        assertThat(ShareCost.ofDifficulty(BITCOIN, 0.001)).isCloseTo(4295032.833, within(1e-3));
    }

    @Test
    void shortAndLongCryptonoteTargetsSayTheSameDifficulty() {
        assertThat(ShareCost.ofTarget(MONERO, "dc460300")).isCloseTo(20_000, within(0.1));
        assertThat(ShareCost.ofTarget(MONERO, "b88d0600")).isCloseTo(10_000, within(0.1));
        assertThat(ShareCost.ofTarget(MONERO, "6588635ddc460300")).isCloseTo(20_000, within(0.1));
        assertThat(ShareCost.ofTarget(MONERO, "e2361a00")).isCloseTo(2_500, within(0.1));
    }

    @Test
    void decimalTargetIsTheSpaceDividedByIt() {
        WorkRule ergo = new WorkRule(Double.NaN, TargetForm.DECIMAL, "H/s");
        String b =
                "27606985387162255149739023449108101809804435888681546220650096895197184"; // 2^234

        assertThat(ShareCost.ofTarget(ergo, b)).isCloseTo(0x1p22, Percentage.withPercentage(1e-9));
        assertThat(ShareCost.ofTarget(ergo, "0")).isNaN();
        assertThat(ShareCost.ofTarget(ergo, "-5")).isNaN();
        assertThat(ShareCost.ofTarget(ergo, "many")).isNaN();
    }

    @Test
    void packedDifficultyOfBeamIsMantissaAndExponent() {
        WorkRule beam = new WorkRule(Double.NaN, TargetForm.BEAM, "Sol/s");

        assertThat(ShareCost.ofTarget(beam, "0")).isEqualTo(1);
        assertThat(ShareCost.ofTarget(beam, String.valueOf(10 << 24))).isEqualTo(1024);
        assertThat(ShareCost.ofTarget(beam, String.valueOf((10 << 24) + (1 << 23))))
                .isEqualTo(1536);
        assertThat(ShareCost.ofTarget(beam, "4294967296")).isNaN();
        assertThat(ShareCost.ofTarget(beam, "1.5")).isNaN();
        assertThat(ShareCost.ofTarget(beam, "-1")).isNaN();
    }

    @Test
    void zcashTargetOfFlypoolIsSixteenThousandSolutions() {
        String target = "0004189374bc6a7ef9db22d0e5604189374bc6a7ef9db22d0e5604189374bc6a";

        assertThat(ShareCost.ofTarget(BIG, target)).isCloseTo(16_000, within(0.1));
    }

    @Test
    void targetWithoutItsLeadingZerosIsRightAligned() {
        String target = "0x0112e0be826d694b2e62d01511f12a6061fbaec8bc02357593e70e52ba";

        assertThat(ShareCost.ofTarget(BIG, target)).isCloseTo(4e9, Percentage.withPercentage(0.01));
    }

    @Test
    void unreadableTargetsHaveNoCost() {
        for (String bad : new String[] {"", "0x", "xyz", "1" + "0".repeat(64)}) {
            assertThat(ShareCost.ofTarget(BIG, bad)).as(bad).isNaN();
        }
        for (String bad : new String[] {"", "00000000", "dc4603", "zz460300", "0x460300"}) {
            assertThat(ShareCost.ofTarget(MONERO, bad)).as(bad).isNaN();
        }
        assertThat(ShareCost.ofTarget(BITCOIN, "dc460300")).isNaN();
        assertThat(ShareCost.ofDifficulty(BIG, 1)).isNaN();
        assertThat(ShareCost.ofDifficulty(BITCOIN, 0)).isNaN();
        assertThat(ShareCost.ofDifficulty(BITCOIN, Double.NaN)).isNaN();
    }

    @Property(tries = 300)
    void bigTargetsAgreeWithExactArithmetic(@ForAll @Size(min = 1, max = 32) byte[] bytes) {
        BigInteger target = new BigInteger(1, bytes);
        BigDecimal exact =
                new BigDecimal(BigInteger.TWO.pow(256))
                        .divide(new BigDecimal(target.add(BigInteger.ONE)), MathContext.DECIMAL128);

        assertThat(ShareCost.ofTarget(BIG, target.toString(16)))
                .isCloseTo(exact.doubleValue(), Percentage.withPercentage(1e-12));
    }
}
