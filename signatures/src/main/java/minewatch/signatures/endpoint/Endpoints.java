package minewatch.signatures.endpoint;

import java.util.List;

/// Endpoint lists, compiled: names in a hash table that is asked once for each label of a name,
/// addresses in another. Immutable, shared by all threads; a look-up allocates nothing.
///
/// Of several rows for one name, or for one address and port, the last counts.
public final class Endpoints {
    /// Answer of a look-up that finds nothing.
    public static final int NONE = -1;

    public static final Endpoints EMPTY = new Endpoints(List.of());

    private static final int MAX_NAME = 255; // bytes, RFC 1035 §2.3.4

    /// First labels of names that are web pages, whoever's they are.
    private static final List<String> SITE_LABELS =
            List.of(
                    "www",
                    "web",
                    "api",
                    "app",
                    "blog",
                    "docs",
                    "doc",
                    "help",
                    "support",
                    "status",
                    "static",
                    "cdn",
                    "img",
                    "assets",
                    "forum",
                    "wiki",
                    "m",
                    "mail",
                    "account",
                    "accounts",
                    "dashboard",
                    "id",
                    "login",
                    "shop",
                    "news");

    private final List<Endpoint> endpoints;
    private final NameTable names;
    private final AddressTable addresses;

    private Endpoints(List<Endpoint> endpoints) {
        this.endpoints = List.copyOf(endpoints);
        names = new NameTable(this.endpoints);
        addresses = new AddressTable(this.endpoints);
    }

    public static Endpoints of(List<Endpoint> endpoints) {
        return endpoints.isEmpty() ? EMPTY : new Endpoints(endpoints);
    }

    public int size() {
        return endpoints.size();
    }

    public Endpoint get(int index) {
        return endpoints.get(index);
    }

    /// The endpoint that a name belongs to: the row of the name itself, or of the longest name it
    /// is below. A name known only by what it is below is nothing where its first label is one of
    /// web pages (`www`, `api` …).
    ///
    /// @param name `name[start, end)`: labels with dots between, in any case, with or without a dot
    ///   at the end
    /// @return its index, or [#NONE]
    public int byName(byte[] name, int start, int end) {
        int last = end > start && name[end - 1] == '.' ? end - 1 : end;
        if (last - start < 1 || last - start > MAX_NAME) {
            return NONE;
        }
        int found = names.find(name, start, last);
        return found < 0 || names.isExact(found) || !isSite(name, start, last) ? found : NONE;
    }

    /// The endpoint at an address, 128 bits with IPv4 mapped (RFC 4291 §2.5.5.2), that serves on a
    /// port.
    ///
    /// @return its index, or [#NONE]
    public int byAddress(long high, long low, int port) {
        return addresses.find(high, low, port);
    }

    private static boolean isSite(byte[] name, int start, int end) {
        int dot = start;
        while (dot < end && name[dot] != '.') {
            dot++;
        }
        for (int i = 0; i < SITE_LABELS.size(); i++) {
            String label = SITE_LABELS.get(i);
            if (label.length() == dot - start && NameTable.isSame(label, 0, name, start, dot)) {
                return true;
            }
        }
        return false;
    }
}
