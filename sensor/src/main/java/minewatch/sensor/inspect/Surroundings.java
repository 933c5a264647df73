package minewatch.sensor.inspect;

import minewatch.sensor.inspect.endpoint.EndpointWatch;
import minewatch.sensor.inspect.shape.BlockClock;
import minewatch.sensor.inspect.tls.ClientHello;
import minewatch.sensor.inspect.tls.ServerHello;
import minewatch.signatures.Fingerprints;
import minewatch.signatures.Issuers;
import minewatch.signatures.Weights;

/// What one session is held against besides its own packets; one per worker.
///
/// @param hello scratch to read hellos into
/// @param serverHello the same for the server's
/// @param blocks when plaintext pools told of new blocks
/// @param plain who mines in the clear
record Surroundings(
        EndpointWatch endpoints,
        Weights weights,
        Fingerprints fingerprints,
        Issuers issuers,
        ClientHello hello,
        ServerHello serverHello,
        BlockClock blocks,
        PlainMiners plain) {
    private static final int HTTPS = 443;

    /// Whether a ClientHello, body `data[start, end)`, is a web client's: it says that it speaks
    /// HTTP, or names its server at the port of the web. Only where it names a pool, and does not
    /// offer HTTP/2, may it be a miner.
    boolean isWebClient(byte[] data, int start, int end, int port) {
        if (!hello.read(data, start, end)) {
            return false;
        }
        boolean named = hello.nameEnd() > hello.nameStart();
        return hello.offersHttp2()
                || (hello.hasAlpn() || (named && port == HTTPS)) && !(named && namesPool(data));
    }

    private boolean namesPool(byte[] data) {
        return endpoints.weight(data, hello.nameStart(), hello.nameEnd(), Long.MIN_VALUE) != 0;
    }

    static Surroundings of(EndpointWatch endpoints, Weights weights) {
        return new Surroundings(
                endpoints,
                weights,
                Fingerprints.builtIn(),
                Issuers.builtIn(),
                new ClientHello(),
                new ServerHello(),
                new BlockClock(),
                new PlainMiners());
    }
}
