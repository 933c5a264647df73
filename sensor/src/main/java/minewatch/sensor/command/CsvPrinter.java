package minewatch.sensor.command;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import minewatch.feed.v1.Hashrate;
import minewatch.feed.v1.Hit;

/// Comma-separated values (RFC 4180), a line for each source IP and algorithm. Cells a spreadsheet
/// would run as a formula are led by an apostrophe: they are foreign text.
final class CsvPrinter implements HitPrinter {
    private static final List<String> HEADINGS =
            List.of(
                    "file",
                    "source_ip",
                    "verdict",
                    "confidence",
                    "protocols",
                    "algorithm",
                    "pools",
                    "agents",
                    "accounts",
                    "workers",
                    "sessions",
                    "shares_submitted",
                    "shares_accepted",
                    "shares_rejected",
                    "hashrate_low",
                    "hashrate_best",
                    "hashrate_high",
                    "hashrate_unit",
                    "first_seen",
                    "last_seen");

    private final Appendable out;
    private boolean headed;

    CsvPrinter(Appendable out) {
        this.out = out;
    }

    @Override
    public void print(List<Hit> hits) throws IOException {
        head();
        for (Hit hit : hits) {
            if (hit.getHashrateMap().isEmpty()) {
                line(hit, String.join(" ", hit.getAlgorithmsList()), null);
            }
            for (Map.Entry<String, Hashrate> rate :
                    new TreeMap<>(hit.getHashrateMap()).entrySet()) {
                line(hit, rate.getKey(), rate.getValue());
            }
        }
    }

    @Override
    public void finish() throws IOException {
        head();
    }

    private void head() throws IOException {
        if (!headed) {
            headed = true;
            out.append(String.join(",", HEADINGS)).append("\r\n");
        }
    }

    private void line(Hit hit, String algorithm, @org.jspecify.annotations.Nullable Hashrate rate)
            throws IOException {
        List<String> cells =
                List.of(
                        hit.getFile(),
                        HitText.sourceIp(hit),
                        HitText.verdict(hit),
                        Double.toString(Math.floor(hit.getConfidence() * 1e6) / 1e6),
                        String.join(" ", hit.getProtocolsList()),
                        algorithm,
                        HitText.pools(hit),
                        String.join(" ", hit.getAgentsList()),
                        String.join(" ", hit.getAccountsList()),
                        String.join(" ", hit.getWorkersList()),
                        Integer.toString(hit.getSessions()),
                        hit.getShares().hasSubmitted()
                                ? Long.toString(hit.getShares().getSubmitted())
                                : "",
                        hit.getShares().hasAccepted()
                                ? Long.toString(hit.getShares().getAccepted())
                                : "",
                        hit.getShares().hasRejected()
                                ? Long.toString(hit.getShares().getRejected())
                                : "",
                        rate == null ? "" : Double.toString(rate.getLow()),
                        rate == null ? "" : Double.toString(rate.getBest()),
                        rate == null ? "" : Double.toString(rate.getHigh()),
                        rate == null ? "" : rate.getUnit(),
                        HitText.time(hit.getFirstSeenNanos()),
                        HitText.time(hit.getLastSeenNanos()));
        for (int i = 0; i < cells.size(); i++) {
            out.append(i == 0 ? "" : ",").append(cell(cells.get(i)));
        }
        out.append("\r\n");
    }

    static String cell(String text) {
        String safe =
                !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        boolean quoted = safe.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return quoted ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
    }
}
