package minewatch.collector.attribute;

/// How addresses are given out (使用方式). A dynamic pool never names an enterprise: whoever holds the
/// pool is not whoever used the address.
public enum UseMode {
    STATIC,
    DYNAMIC,
    UNKNOWN;

    public boolean namesEnterprise() {
        return this != DYNAMIC;
    }
}
