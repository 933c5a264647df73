package minewatch.signatures.work;

/// The 95 % interval of a Poisson mean of which `count` events were seen (Garwood 1936): from
/// χ²(0.025; 2n)/2 to χ²(0.975; 2n+2)/2.
///
/// χ²(p; 2a)/2 is the x at which the regularised incomplete gamma function P(a, x) is p. It is
/// found from the Wilson–Hilferty guess by Newton's method, kept inside a bracket; P itself by its
/// series below a+1 and its continued fraction above. From a = 100,000 on the guess is good to
/// eight digits by itself and is taken as it is.
///
/// The count may be fractional: shares of unlike difficulty count as (ΣH)²/ΣH² equal ones.
///
/// Source: Garwood, Biometrika 28 (1936) 437; Abramowitz and Stegun 6.5, 26.4.17; Lanczos, SIAM J.
/// Numer. Anal. B 1 (1964) 86.
///
/// @param low lower bound of the mean
/// @param high upper bound of the mean
public record PoissonInterval(double low, double high) {
    private static final double TAIL = 0.025;
    private static final double Z = 1.959963984540054; // the normal quantile of 1 - TAIL
    private static final double LARGE = 100_000;
    private static final double EPSILON = 1e-14;
    private static final double TINY = 1e-300; // stands for 0 in a denominator
    private static final int MAX_TERMS = 10_000; // a few times the root of LARGE suffice
    private static final int MAX_STEPS = 200;
    private static final double[] LANCZOS = {
        0.9999999999998099,
        676.5203681218851,
        -1259.1392167224028,
        771.3234287776531,
        -176.6150291621406,
        12.507343278686905,
        -0.13857109526572012,
        9.984369578019572e-6,
        1.5056327351493116e-7
    };

    /// @param count events seen, 0 or more
    public static PoissonInterval of(double count) {
        if (!(count >= 0) || count == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("count: " + count + " (expected: 0 or more)");
        }
        return new PoissonInterval(
                count == 0 ? 0 : gammaQuantile(count, TAIL, -Z),
                gammaQuantile(count + 1, 1 - TAIL, Z));
    }

    /// The x with P(a, x) = p.
    ///
    /// @param z the normal quantile of p
    private static double gammaQuantile(double a, double p, double z) {
        double root = 1 - 1 / (9 * a) + z / (3 * Math.sqrt(a));
        double guess = a * root * root * root;
        if (a >= LARGE) {
            return guess;
        }
        double below = 0;
        double above = a + 20 * Math.sqrt(a) + 20; // 1 - P is under 1e-8 there
        double x = guess > 0 && guess < above ? guess : Math.min(a, above) / 2;
        for (int step = 0; step < MAX_STEPS && above - below > EPSILON * above; step++) {
            double error = lowerGamma(a, x) - p;
            if (error < 0) {
                below = x;
            } else {
                above = x;
            }
            double slope = Math.exp((a - 1) * Math.log(x) - x - logGamma(a));
            double next = x - error / slope;
            next = next > below && next < above ? next : (below + above) / 2;
            if (Math.abs(next - x) <= EPSILON * x) {
                return next;
            }
            x = next;
        }
        return x;
    }

    /// The regularised lower incomplete gamma function P(a, x).
    static double lowerGamma(double a, double x) {
        if (x <= 0) {
            return 0;
        }
        double scale = Math.exp(a * Math.log(x) - x - logGamma(a));
        return x < a + 1 ? scale * series(a, x) : 1 - scale * continuedFraction(a, x);
    }

    private static double series(double a, double x) {
        double term = 1 / a;
        double sum = term;
        for (int n = 1; n < MAX_TERMS && term > sum * EPSILON; n++) {
            term *= x / (a + n);
            sum += term;
        }
        return sum;
    }

    /// By Lentz's method.
    private static double continuedFraction(double a, double x) {
        double b = x + 1 - a;
        double c = 1 / TINY;
        double d = 1 / b;
        double h = d;
        for (int n = 1; n < MAX_TERMS; n++) {
            double an = -n * (n - a);
            b += 2;
            d = an * d + b;
            d = 1 / (Math.abs(d) < TINY ? TINY : d);
            c = b + an / c;
            c = Math.abs(c) < TINY ? TINY : c;
            h *= d * c;
            if (Math.abs(d * c - 1) < EPSILON) {
                break;
            }
        }
        return h;
    }

    private static double logGamma(double a) {
        double x = a - 1;
        double sum = LANCZOS[0];
        for (int i = 1; i < LANCZOS.length; i++) {
            sum += LANCZOS[i] / (x + i);
        }
        double t = x + 7.5;
        return 0.5 * Math.log(2 * Math.PI) + (x + 0.5) * Math.log(t) - t + Math.log(sum);
    }
}
