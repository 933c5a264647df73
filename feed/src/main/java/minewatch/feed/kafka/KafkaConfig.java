package minewatch.feed.kafka;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import minewatch.config.HostPort;
import minewatch.config.Setting;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.jspecify.annotations.Nullable;

/// A Kafka topic that batches go through, and how its cluster is reached.
///
/// @param servers of the cluster, any of them; none: it is not used
/// @param topic must be there
/// @param ca PEM: the authorities the brokers' certificates may come from; none: without TLS
/// @param certificate PEM: shown to the brokers
/// @param key PEM, PKCS 8, not encrypted: the certificate's private key
/// @param properties further settings of Kafka's client, such as those of SASL; a Java properties
///   file
public record KafkaConfig(
        List<HostPort> servers,
        @Setting(
                        byDefault = "minewatch-hits",
                        pattern = "[a-zA-Z0-9._-]{1,249}",
                        expected = "1 to 249 of letters, digits, dot, underscore and hyphen")
                String topic,
        @Nullable Path ca,
        @Nullable Path certificate,
        @Nullable Path key,
        @Nullable Path properties) {
    public KafkaConfig {
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException(
                    (key == null ? "key" : "certificate")
                            + ": absent (expected: both of certificate and key, or neither)");
        }
    }

    /// For Kafka's clients, and for messages.
    public String serverList() {
        return servers.stream().map(HostPort::toString).collect(Collectors.joining(","));
    }

    /// The properties of a client of either side.
    ///
    /// @param own what the client cannot do without; the file may add to it, not change it
    /// @throws IOException if one of the files cannot be read
    public Properties clientProperties(Map<String, String> own) throws IOException {
        var client = new Properties();
        client.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, serverList());
        if (ca != null) {
            tls(client, ca);
        }
        if (properties != null) {
            try (Reader reader = Files.newBufferedReader(properties)) {
                client.load(reader);
            } catch (IllegalArgumentException e) {
                throw new IOException(properties + ": " + e.getMessage(), e);
            }
        }
        client.putAll(own);
        return client;
    }

    private void tls(Properties client, Path authorities) throws IOException {
        client.put(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, "SSL");
        client.put(SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG, "PEM");
        client.put(SslConfigs.SSL_TRUSTSTORE_CERTIFICATES_CONFIG, Files.readString(authorities));
        if (certificate != null && key != null) {
            client.put(SslConfigs.SSL_KEYSTORE_TYPE_CONFIG, "PEM");
            client.put(
                    SslConfigs.SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG,
                    Files.readString(certificate));
            client.put(SslConfigs.SSL_KEYSTORE_KEY_CONFIG, Files.readString(key));
        }
    }
}
