package minewatch.testkit.net;

import java.io.IOException;

/// Two interfaces and a cable between them (a veth pair) in the caller's network, for which
/// [PrivateNetwork] is. What is sent at one end arrives at the other.
///
/// @param near the end to send from
/// @param far the end to capture at
public record Cable(String near, String far) {
    /// Both ends up, and nothing else speaks on it.
    public static Cable lay() throws IOException, InterruptedException {
        return new Cable("near0", "far0").relay();
    }

    /// Lays it again after [#remove].
    public Cable relay() throws IOException, InterruptedException {
        ip("link", "add", "name", near, "type", "veth", "peer", "name", far);
        up(near);
        up(far);
        return this;
    }

    public void up(String end) throws IOException, InterruptedException {
        ip("link", "set", "dev", end, "up");
    }

    public void down(String end) throws IOException, InterruptedException {
        ip("link", "set", "dev", end, "down");
    }

    /// Both ends exist no more.
    public void remove() throws IOException, InterruptedException {
        ip("link", "delete", "dev", near);
    }

    private static void ip(String... words) throws IOException, InterruptedException {
        String[] command = new String[words.length + 1];
        command[0] = "ip";
        System.arraycopy(words, 0, command, 1, words.length);
        PrivateNetwork.command(command);
    }
}
