package minewatch.collector.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import minewatch.collector.report.Band;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormatsTest {
    private final Formats english = new Formats(new Messages(Language.EN));
    private final Formats chinese = new Formats(new Messages(Language.ZH_CN));

    @ParameterizedTest
    @CsvSource({
        "0, 0 H/s",
        "0.5, 0.500 H/s",
        "572, 572 H/s",
        "999.4, 999 H/s",
        "999.6, 1.00 kH/s",
        "17.1e6, 17.1 MH/s",
        "5.0e9, 5.00 GH/s",
        "1.4e13, 14.0 TH/s",
        "4.62e15, 4.62 PH/s",
        "6e20, 600 EH/s",
        "3e21, 3.00 ZH/s",
        "4.2e24, '4,200 ZH/s'",
    })
    void hashrateHasThreeDigitsAndTheFittingPrefix(double rate, String shown) {
        assertThat(english.hashrate(new Band(0, rate, rate), "H/s").best()).isEqualTo(shown);
    }

    @Test
    void boundsAreInTheUnitOfTheBestValue() {
        assertThat(english.hashrate(new Band(9e11, 1.4e12, 2.1e15), "H/s"))
                .isEqualTo(new Formats.Figure("1.40 TH/s", "0.900–2,100"));
    }

    @Test
    void solutionsKeepTheirName() {
        assertThat(english.hashrate(new Band(0, 8192, 9000), "Sol/s").best())
                .isEqualTo("8.19 kSol/s");
    }

    @Test
    void graphsTakeNoPrefixThatReadsAsKilograms() {
        assertThat(english.hashrate(new Band(0, 4200, 9000), "g/s").best())
                .isEqualTo("4,200 graph/s");
    }

    @Test
    void anUnboundedEstimateSaysSo() {
        assertThat(english.power(new Band(0, 10, Double.POSITIVE_INFINITY)).bounds())
                .isEqualTo("0–∞");
    }

    @Test
    void whatGoesBeyondEveryPrefixStaysShort() {
        assertThat(english.hashrate(new Band(1.16e77, 1.16e77, 1.16e77), "H/s").best())
                .isEqualTo("1.16e56 ZH/s");
    }

    @Test
    void energyIsPowerTimesADay() {
        assertThat(english.energyPerDay(new Band(81_000, 139_000, 298_000)))
                .isEqualTo(new Formats.Figure("3.34 MWh", "1.94–7.15"));
    }

    @Test
    void confidenceIsNeverRoundedUpToCertainty() {
        assertThat(english.confidence(1)).isEqualTo(">99.9 %");
        assertThat(english.confidence(0.99949)).isEqualTo("99.9 %");
        assertThat(english.confidence(0.41)).isEqualTo("41.0 %");
    }

    @Test
    void weightsCarryTheirSign() {
        assertThat(english.weight(4.12)).isEqualTo("+4.1");
        assertThat(english.weight(-2.5)).isEqualTo("−2.5");
    }

    @Test
    void timesAreInTheReadersZoneAndLabelled() {
        Instant instant = Instant.parse("2026-11-23T20:00:00.5Z");
        assertThat(english.time(instant))
                .isEqualTo(
                        new Formats.Stamp(
                                "2026-11-23T20:00:00.500Z", "2026-11-23", "20:00:00", "UTC"));
        assertThat(chinese.time(instant))
                .isEqualTo(
                        new Formats.Stamp(
                                "2026-11-23T20:00:00.500Z", "2026-11-24", "04:00:00", "北京时间"));
    }

    @Test
    void spansShowTheirTwoLargestUnits() {
        assertThat(english.seconds(59.6)).isEqualTo("60 s");
        assertThat(english.seconds(600)).isEqualTo("10 min");
        assertThat(english.seconds(3700)).isEqualTo("61 min 40 s");
        assertThat(english.seconds(90_000)).isEqualTo("25 h");
        assertThat(english.seconds(93_660)).isEqualTo("26 h 1 min");
    }

    @Property
    void anyRateShowsThreeDigits(@ForAll @DoubleRange(min = 1, max = 9.9e22) double rate) {
        String best = english.hashrate(new Band(rate, rate, rate), "H/s").best();
        assertThat(best.replaceAll("[^0-9]", "")).hasSize(3);
    }

    @Property
    void barsStayInsideTheirDrawing(@ForAll double low, @ForAll double best, @ForAll double high) {
        IntervalBar bar = IntervalBar.of(new Band(low, best, high), high);
        double start = Double.parseDouble(bar.low());
        double length = Double.parseDouble(bar.length());
        assertThat(start).isBetween(0.0, (double) IntervalBar.WIDTH);
        assertThat(length).isPositive();
        assertThat(start + length).isLessThanOrEqualTo(IntervalBar.WIDTH + 0.11);
        assertThat(Double.parseDouble(bar.best())).isBetween(0.0, (double) IntervalBar.WIDTH);
    }
}
