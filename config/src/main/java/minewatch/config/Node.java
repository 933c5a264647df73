package minewatch.config;

import java.util.List;

/// One value of a YAML file with its place. Cold and small: a settings file has hundreds at most.
sealed interface Node {
    /// Line of the value, from 1.
    int line();

    record Scalar(int line, String text) implements Node {}

    /// Nothing after the colon, or `null`: as if the key were not there.
    record Nothing(int line) implements Node {}

    record Items(int line, List<Node> nodes) implements Node {}

    record Section(int line, List<Entry> entries) implements Node {}

    record Entry(int line, String key, Node value) {}
}
