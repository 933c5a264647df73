package minewatch.collector.attribute;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;

class RegistryCsvFuzzTest {
    /// Whatever stands in the file: rows, or problems, and nothing else.
    @FuzzTest(maxDuration = "10s")
    void anyTextIsReadOrRefused(byte[] text) throws IOException {
        String head = "prefix,enterprise,valid_from,valid_to,credit_code,region_code,use_mode\n";
        for (String prefix : new String[] {"", head}) {
            try {
                RegistryFile file =
                        RegistryCsv.read(
                                "f.csv",
                                new StringReader(
                                        prefix + new String(text, StandardCharsets.UTF_8)));
                if (file.rows().isEmpty()) {
                    throw new AssertionError("a file without rows was accepted");
                }
            } catch (RegistryException refused) {
                if (refused.problems().isEmpty()) {
                    throw new AssertionError("refused without a reason");
                }
            }
        }
    }
}
