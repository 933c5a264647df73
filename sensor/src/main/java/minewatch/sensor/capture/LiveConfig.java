package minewatch.sensor.capture;

import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// How an interface is to be read.
///
/// @param networkInterface its name
/// @param ringBytes memory that takes in its bursts, for all workers together; only of the kernel's
///   ring
/// @param workers threads that share the traffic, 1 to 64
/// @param cores processors they are pinned to, in turn; empty: the system decides
/// @param filter a BPF expression (pcap-filter(7)); null: everything
/// @param promiscuous whether to take in what is not addressed to the interface
/// @param hardwareTime whether to take the network card's times where it has them
public record LiveConfig(
        String networkInterface,
        long ringBytes,
        int workers,
        List<Integer> cores,
        @Nullable String filter,
        boolean promiscuous,
        boolean hardwareTime) {
    /// One worker that takes in everything.
    ///
    /// @param ringBytes as above
    public static LiveConfig of(String networkInterface, long ringBytes) {
        return new LiveConfig(networkInterface, ringBytes, 1, List.of(), null, true, false);
    }

    /// The processor of a worker.
    ///
    /// @param worker 0 or more
    /// @return empty: where the system likes
    public OptionalInt core(int worker) {
        return cores.isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of(cores.get(worker % cores.size()));
    }
}
