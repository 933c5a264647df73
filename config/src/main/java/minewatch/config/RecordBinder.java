package minewatch.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Nodes → records by reflection. Goes on after a problem so that all are found; a value with a
/// problem is null meanwhile, and no record is built from it.
final class RecordBinder {
    private final String file;
    private final @Nullable Path folder;
    private final List<Problem> problems = new ArrayList<>();

    RecordBinder(String file, @Nullable Path folder) {
        this.file = file;
        this.folder = folder;
    }

    <T extends Record> T bind(Node root, Class<T> type) throws ConfigException {
        Object bound = section(root, type, "");
        if (problems.isEmpty() && bound != null) {
            return type.cast(bound);
        }
        problems.sort(Comparator.comparingInt(p -> p.line() == 0 ? Integer.MAX_VALUE : p.line()));
        throw new ConfigException(problems);
    }

    private @Nullable Object section(Node node, Class<?> type, String path) {
        int before = problems.size();
        Map<String, Node> values = values(node, type, path);
        RecordComponent[] components = type.getRecordComponents();
        var arguments = new @Nullable Object[components.length];
        for (int i = 0; i < components.length; i++) {
            String key = Names.key(components[i]);
            arguments[i] = component(components[i], values.get(key), join(path, key));
        }
        return problems.size() > before ? null : construct(type, components, arguments, path, node);
    }

    private Map<String, Node> values(Node node, Class<?> type, String path) {
        List<String> known = Arrays.stream(type.getRecordComponents()).map(Names::key).toList();
        Map<String, Node> values = new LinkedHashMap<>();
        for (Node.Entry entry : entries(node, path)) {
            if (!known.contains(entry.key())) {
                unknown(entry, known, path);
            } else if (values.putIfAbsent(entry.key(), entry.value()) != null) {
                problem(entry.line(), join(path, entry.key()), "repeated (expected: once)");
            }
        }
        values.values().removeIf(Node.Nothing.class::isInstance);
        return values;
    }

    private List<Node.Entry> entries(Node node, String path) {
        return switch (node) {
            case Node.Section section -> section.entries();
            case Node.Nothing _ -> List.of();
            case Node.Scalar scalar -> {
                problem(scalar.line(), path, scalar.text() + " (expected: a section of settings)");
                yield List.of();
            }
            case Node.Items items -> {
                problem(items.line(), path, "a list (expected: a section of settings)");
                yield List.of();
            }
        };
    }

    private void unknown(Node.Entry entry, List<String> known, String path) {
        String hint =
                NearestName.of(entry.key(), known)
                        .map(near -> "did you mean " + near + "?")
                        .orElse("expected: " + String.join(", ", known));
        problem(entry.line(), join(path, entry.key()), "unknown setting (" + hint + ")");
    }

    private @Nullable Object component(
            RecordComponent component, @Nullable Node node, String path) {
        Rule rule = Rule.of(component);
        Type type = component.getGenericType();
        if (node != null) {
            return value(node, type, rule, path);
        }
        if (rule.byDefault() != null) {
            return scalar(new Node.Scalar(0, rule.byDefault()), component.getType(), rule, path);
        }
        boolean optional = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
        if (optional) {
            return null;
        }
        if (component.getType().isRecord() && !Scalars.canRead(component.getType())) {
            return section(new Node.Nothing(0), component.getType(), path);
        }
        if (rule.minCount() == 0 && component.getType() == List.class) {
            return List.of();
        }
        if (component.getType() == Map.class) {
            return Map.of();
        }
        boolean list = component.getType() == List.class;
        String expected = list ? "at least " + rule.minCount() : rule.expected(component.getType());
        problem(0, path, "missing (expected: " + expected + ")");
        return null;
    }

    private @Nullable Object value(Node node, Type type, Rule rule, String path) {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            return generic.getRawType() == Map.class
                    ? map(node, arguments[1], rule, path)
                    : list(node, arguments[0], rule, path);
        }
        Class<?> plain = (Class<?>) type;
        return Scalars.canRead(plain)
                ? scalar(node, plain, rule, path)
                : section(node, plain, path);
    }

    private @Nullable Object list(Node node, Type element, Rule rule, String path) {
        List<Node> nodes = node instanceof Node.Items items ? items.nodes() : List.of(node);
        if (nodes.size() < rule.minCount()) {
            problem(
                    node.line(),
                    path,
                    "an empty list (expected: at least " + rule.minCount() + ")");
            return null;
        }
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            Object value = value(nodes.get(i), element, rule, path + "[" + i + "]");
            if (value != null) {
                values.add(value);
            }
        }
        return List.copyOf(values);
    }

    private Object map(Node node, Type element, Rule rule, String path) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (Node.Entry entry : entries(node, path)) {
            String name = join(path, entry.key());
            Object value = value(entry.value(), element, rule, name);
            if (value != null && values.put(entry.key(), value) != null) {
                problem(entry.line(), name, "repeated (expected: once)");
            }
        }
        return Collections.unmodifiableMap(values); // in the order of the file
    }

    private @Nullable Object scalar(Node node, Class<?> type, Rule rule, String path) {
        if (!(node instanceof Node.Scalar scalar)) {
            String found = node instanceof Node.Items ? "a list" : "a section";
            problem(node.line(), path, found + " (expected: " + rule.expected(type) + ")");
            return null;
        }
        try {
            return rule.read(scalar.text(), type, folder);
        } catch (IllegalArgumentException e) {
            problem(scalar.line(), path, String.valueOf(e.getMessage()));
            return null;
        }
    }

    private @Nullable Object construct(
            Class<?> type,
            RecordComponent[] components,
            @Nullable Object[] arguments,
            String path,
            Node node) {
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            var constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true); // a package may keep its settings to itself
            return constructor.newInstance(arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException broken) {
                rule(String.valueOf(broken.getMessage()), path, node.line());
                return null;
            }
            throw new IllegalStateException("cannot build " + type, e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot build " + type, e);
        }
    }

    /// A rule between settings, checked by the record's own constructor; it may or may not name the
    /// whole path.
    private void rule(String message, String path, int line) {
        boolean whole = path.isEmpty() || message.startsWith(path);
        problems.add(new Problem(file, line, null, whole ? message : path + "." + message));
    }

    private void problem(int line, String name, String detail) {
        problems.add(new Problem(file, line, name.isEmpty() ? null : name, detail));
    }

    private static String join(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
