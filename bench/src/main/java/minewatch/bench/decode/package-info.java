/// What decoding a frame costs, beside pcap4j's packet factory.
@org.jspecify.annotations.NullMarked
package minewatch.bench.decode;
