package dev.lethe.quickstart.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lethe.config.ConfigFile;
import dev.lethe.config.MisconfiguredException;
import dev.lethe.events.Codec;
import dev.lethe.events.Durability;
import dev.lethe.events.ErasureRequest;
import dev.lethe.events.Keys;
import dev.lethe.events.Subject;
import dev.lethe.events.TopicDefinition;
import dev.lethe.events.UnreadableRecordException;
import dev.lethe.ingress.Ingress;
import dev.lethe.ingress.IngressConfig;
import dev.lethe.kafka.Topics;
import dev.lethe.keys.KeyFile;
import dev.lethe.quickstart.LetheProcess;
import dev.lethe.quickstart.server.Broker;
import dev.lethe.quickstart.server.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** A broker with the erasure log, a key file, and as many ingresses as a test wants. For one thread. */
final class Site implements AutoCloseable {
    static final String API_KEY = "the key of this test";

    private static final String WITH_KEY = "{ apiKeys: [\"" + API_KEY + "\"] }";

    private static final String FREE_PORTS = """
            http: { host: 127.0.0.1, port: 0 }
            management: { host: 127.0.0.1, port: 0 }
            """;

    private final Path folder;
    private final Broker kafka;
    private final Keys keys;
    private final KafkaConsumer<String, byte[]> log;
    private final List<TopicPartition> partitions;

    Site(Path folder) throws MisconfiguredException, InterruptedException {
        this(folder, Broker.start(folder.resolve("kafka")));
    }

    Site(Path folder, Broker broker) throws MisconfiguredException, InterruptedException {
        this.folder = folder;
        kafka = broker;
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            new Topics(admin, Durability.SINGLE_NODE).create(List.of(TopicDefinition.requests()));
        }
        keys = KeyFile.create(keyFile());
        log = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "fetch.max.wait.ms", 5),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        partitions = log.partitionsFor(TopicDefinition.REQUESTS).stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        log.assign(partitions);
    }

    Broker kafka() {
        return kafka;
    }

    Keys keys() {
        return keys;
    }

    Path folder() {
        return folder;
    }

    /** An ingress in this process, ready. */
    Ingress ingress() throws MisconfiguredException {
        return ingress(FREE_PORTS);
    }

    /** An ingress in this process, ready, with further sections of the configuration; those of the ports included. */
    Ingress ingress(String more) throws MisconfiguredException {
        return awaitReady(start(yaml(more)));
    }

    /** An ingress in this process, ready, that takes other callers than those who know {@link #API_KEY}. */
    Ingress ingressFor(String authentication) throws MisconfiguredException {
        return awaitReady(start(yaml(FREE_PORTS, authentication, "single-node")));
    }

    /** An ingress in this process that may find something wrong with the log. */
    Ingress ingressThatExpects(String durability) throws MisconfiguredException {
        return start(yaml(FREE_PORTS, WITH_KEY, durability));
    }

    private static Ingress start(String yaml) throws MisconfiguredException {
        return new Ingress(
                ConfigFile.parse("ingress.yaml", yaml, Map.of(), IngressConfig::read)
                        .config(),
                InstantSource.system());
    }

    private static Ingress awaitReady(Ingress ingress) {
        await().atMost(Duration.ofSeconds(30)).until(() -> ingress.problems().isEmpty());
        return ingress;
    }

    /** An ingress in a JVM of its own, ready. */
    IngressProcess ingressProcess(String... jvmOptions) {
        int port = FreePort.any();
        int managementPort = FreePort.any();
        Path config = folder.resolve("ingress-" + port + ".yaml");
        Path output = folder.resolve("ingress-" + port + ".log");
        try {
            Files.writeString(config, yaml("""
                    http: { host: 127.0.0.1, port: %d }
                    management: { host: 127.0.0.1, port: %d }
                    """.formatted(port, managementPort)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        LetheProcess process =
                LetheProcess.start(output, List.of(jvmOptions), List.of("ingress", "--config", config.toString()));
        return new IngressProcess(process.awaitReady(managementPort), port, managementPort);
    }

    /**
     * An ingress in a JVM of its own.
     *
     * @param port where it takes webhooks
     * @param managementPort where it answers probes
     */
    record IngressProcess(LetheProcess process, int port, int managementPort) implements AutoCloseable {
        @Override
        public void close() {
            process.close();
        }
    }

    /**
     * The answer to a call, on a connection of its own. On a busy machine the disk can be too slow for once; who is told to
     * come again does so.
     */
    static Reply answerTo(Call call, int port) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try (var connection = new Connection(port)) {
                Reply reply = connection.call(call.bytes());
                if (!reply.isOutcomeUnknown() || attempt == 10) {
                    return reply;
                }
            }
        }
    }

    /** Whatever is written to the log from now on, is what {@link #written} returns. */
    void startReading() {
        log.seekToEnd(partitions);
        partitions.forEach(log::position);
    }

    /** The records that were committed since this, or {@link #startReading}, was called last. */
    List<Written> written() {
        Map<TopicPartition, Long> ends = log.endOffsets(partitions);
        var written = new ArrayList<Written>();
        while (partitions.stream().anyMatch(partition -> log.position(partition) < ends.get(partition))) {
            log.poll(Duration.ofMillis(100)).forEach(record -> written.add(read(record)));
        }
        return written;
    }

    /** The one request that was committed since then, however often. */
    Written writtenRequest() {
        List<Written> written = written();
        assertThat(written)
                .isNotEmpty()
                .allSatisfy(other -> assertThat(other.request().requestId())
                        .isEqualTo(written.getFirst().request().requestId()));
        return written.getFirst();
    }

    /** A record of the erasure log, and what it says to those who hold the keys. */
    record Written(ConsumerRecord<String, byte[]> record, ErasureRequest request, Subject subject) {}

    private Written read(ConsumerRecord<String, byte[]> record) {
        try {
            ErasureRequest request = Codec.decodeRequest(record.value());
            return new Written(record, request, keys.open(request));
        } catch (UnreadableRecordException e) {
            throw new AssertionError("unreadable record at offset " + record.offset(), e);
        }
    }

    private String yaml(String more) {
        return yaml(more, WITH_KEY, "single-node");
    }

    private String yaml(String more, String authentication, String durability) {
        return more + """
                authentication: %s
                kafka: { bootstrap.servers: "%s" }
                durability: %s
                keys: %s
                """.formatted(authentication, kafka.bootstrapServers(), durability, keyFile());
    }

    private Path keyFile() {
        return folder.resolve("keys.json");
    }

    @Override
    public void close() {
        log.close();
        kafka.close();
    }
}
