package minewatch.collector.web;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Names of administrative divisions: province, prefecture and county level.
///
/// Provinces have an English name; below them only the Chinese name is known, and shown.
///
/// Source: GB/T 2260, from the table `regions.csv` beside this class.
final class Regions {
    /// A division at province level.
    ///
    /// @param code six digits, the last four zero
    record Province(String code, String chinese, String english) {
        String name(Language language) {
            return language == Language.ZH_CN ? chinese : english;
        }
    }

    private static final Pattern CODE = Pattern.compile("[0-9]{6}");

    private final List<Province> provinces = new ArrayList<>();
    private final Map<String, String> chinese = new HashMap<>();

    /// Reads the table. Throws if the jar lacks it.
    static Regions load() {
        try (var resource = Regions.class.getResourceAsStream("regions.csv")) {
            if (resource == null) {
                throw new IllegalStateException("regions.csv: missing from the jar");
            }
            var lines =
                    new BufferedReader(new InputStreamReader(resource, StandardCharsets.UTF_8))
                            .lines();
            var regions = new Regions();
            lines.skip(1).map(line -> line.split(",", -1)).forEach(regions::add);
            return regions;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void add(String[] row) {
        chinese.put(row[0], row[1]);
        if (!row[2].isEmpty()) {
            provinces.add(new Province(row[0], row[1], row[2]));
        }
    }

    List<Province> provinces() {
        return provinces;
    }

    /// The names from province down to the level the code names, as far as the table knows them;
    /// the code itself where it knows none.
    String name(String code, Language language) {
        if (!CODE.matcher(code).matches()) {
            return code;
        }
        var names = new ArrayList<String>();
        String province = code.substring(0, 2) + "0000";
        provinces.stream()
                .filter(p -> p.code().equals(province))
                .forEach(p -> names.add(p.name(language)));
        String city = code.substring(0, 4) + "00";
        for (String level : city.equals(code) ? List.of(city) : List.of(city, code)) {
            String name = chinese.get(level);
            if (name != null && !level.equals(province)) {
                names.add(name);
            }
        }
        return names.isEmpty() ? code : String.join(" · ", names);
    }
}
