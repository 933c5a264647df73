package minewatch.config;

import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Records → the YAML [ConfigReader] reads: every setting in force, defaults included; absent
/// optional settings are left out.
public final class ConfigPrinter {
    private static final YAMLFactory YAML =
            YAMLFactory.builder()
                    .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                    .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                    .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                    .disable(YAMLGenerator.Feature.SPLIT_LINES)
                    .build();

    private ConfigPrinter() {}

    /// The whole file, ending in a line feed.
    public static String print(Record config) {
        var text = new StringWriter();
        try (YAMLGenerator yaml = YAML.createGenerator(text)) {
            section(yaml, config);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a StringWriter does not fail
        }
        return text.toString();
    }

    private static void section(YAMLGenerator yaml, Record section) throws IOException {
        yaml.writeStartObject();
        for (RecordComponent component : section.getClass().getRecordComponents()) {
            Object value = get(component, section);
            if (value != null) {
                yaml.writeFieldName(Names.key(component));
                value(yaml, value, component.getName().endsWith("Bytes"));
            }
        }
        yaml.writeEndObject();
    }

    private static void value(YAMLGenerator yaml, Object value, boolean size) throws IOException {
        switch (value) {
            case HostPort hostPort -> yaml.writeString(hostPort.toString());
            case Record record -> section(yaml, record);
            case List<?> list -> {
                yaml.writeStartArray();
                for (Object element : list) {
                    value(yaml, element, size);
                }
                yaml.writeEndArray();
            }
            case Map<?, ?> map -> {
                yaml.writeStartObject();
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    yaml.writeFieldName(String.valueOf(entry.getKey()));
                    value(yaml, entry.getValue(), size);
                }
                yaml.writeEndObject();
            }
            case Duration duration -> yaml.writeString(Durations.print(duration));
            case Enum<?> constant -> yaml.writeString(Names.key(constant));
            case Boolean bool -> yaml.writeBoolean(bool);
            case Long number when size -> yaml.writeString(Sizes.print(number));
            case Integer number -> yaml.writeNumber(number);
            case Long number -> yaml.writeNumber(number);
            case Double number -> yaml.writeNumber(number);
            default -> yaml.writeString(value.toString());
        }
    }

    private static @Nullable Object get(RecordComponent component, Record section) {
        try {
            var accessor = component.getAccessor();
            accessor.setAccessible(true);
            return accessor.invoke(section);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot read " + component, e);
        }
    }
}
