package dev.lethe.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lethe.events.Codec;
import dev.lethe.events.ErasureRequest;
import dev.lethe.events.EventRecords;
import dev.lethe.events.Outcome.Status;
import dev.lethe.events.TopicDefinition;
import dev.lethe.ledger.app.Ledger;
import dev.lethe.ledger.database.LedgerDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import nl.altindag.ssl.SSLFactory;
import nl.altindag.ssl.pem.util.PemUtils;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** A {@link LedgerSite} with a processor's certificate, an address to call back, and stores that erase whomever the log says. */
final class OpenDsrSite implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(90);
    static final String ACME = "token-of-acme-token-of-acme";
    static final String OTHER = "token-of-other-token-of-other";

    final LedgerSite ledgers;
    final CallbackReceiver receiver = new CallbackReceiver();
    private final Path folder;
    private final Set<String> erased = ConcurrentHashMap.newKeySet();
    private final Thread stores = Thread.ofPlatform().name("stores").unstarted(this::erase);
    private volatile boolean closed;
    private volatile long read;

    OpenDsrSite(Path folder) throws Exception {
        this.folder = folder;
        ledgers = new LedgerSite(folder);
        Process openssl = new ProcessBuilder(
                        "openssl",
                        "req",
                        "-x509",
                        "-newkey",
                        "rsa:2048",
                        "-nodes",
                        "-days",
                        "60",
                        "-subj",
                        "/CN=localhost",
                        "-addext",
                        "subjectAltName=DNS:localhost",
                        "-keyout",
                        folder.resolve("opendsr.key").toString(),
                        "-out",
                        folder.resolve("opendsr.pem").toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(openssl.getInputStream().readAllBytes(), UTF_8);
        assertThat(openssl.waitFor()).as(said).isZero();
        stores.start();
    }

    /** The section {@code opendsr}. */
    String yaml(String cancellable) {
        return """
                opendsr:
                  publicUrl: http://localhost
                  certificate: "%s"
                  key: "%s"
                  cancellable: %s
                  controllers:
                    acme: { token: %s, callbacks: ["%s", "%s"] }
                    other: { token: %s }
                """.formatted(
                        folder.resolve("opendsr.pem"),
                        folder.resolve("opendsr.key"),
                        cancellable,
                        ACME,
                        receiver.url("one"),
                        receiver.url("two"),
                        OTHER);
    }

    /** What shows the processor's certificate, as a server. */
    SSLContext tls() {
        return SSLFactory.builder()
                .withIdentityMaterial(
                        PemUtils.loadIdentityMaterial(folder.resolve("opendsr.pem"), folder.resolve("opendsr.key")))
                .build()
                .getSslContext();
    }

    /** Ready, and reading. */
    Ledger ledger(String database, String cancellable) throws Exception {
        return ready(ledgers.ledger(database, yaml(cancellable)));
    }

    static Ledger ready(Ledger ledger) {
        await().atMost(PATIENCE)
                .until(() ->
                        ledger.problems().isEmpty() && ledger.lanes().stream().allMatch(lane -> lane.reading()));
        return ledger;
    }

    static Controller acme(Ledger ledger) {
        return new Controller(ledger.port(), ACME);
    }

    static String newId() {
        return UUID.randomUUID().toString();
    }

    /** Whether the request got into the log that every store reads. */
    boolean isErased(String subjectRequestId) {
        return erased.contains(subjectRequestId);
    }

    Set<String> erased() {
        return erased;
    }

    static void awaitStatus(Controller controller, String id, String status) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(controller.status(id).field("request_status"))
                        .isEqualTo(status));
    }

    /** By which Lethe knows a request. */
    UUID requestId(String database, String subjectRequestId) {
        try (LedgerDatabase opened = ledgers.database(database)) {
            return opened.jdbi()
                    .withHandle(handle -> handle.createQuery(
                                    "select request_id from entry where kind = 'Held' and content like :part")
                            .bind("part", "%" + subjectRequestId + "%")
                            .mapTo(UUID.class)
                            .one());
        }
    }

    /** Waits until everything that was held so far is decided, and done with. */
    void awaitNothingHeld() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", ledgers.kafka.bootstrapServers()))) {
            await().atMost(PATIENCE).untilAsserted(() -> {
                Map<TopicPartition, Long> ends = ends(admin, TopicDefinition.HELD);
                var committed = admin.listConsumerGroupOffsets("erasure.ledger.release")
                        .partitionsToOffsetAndMetadata()
                        .get();
                assertThat(ends)
                        .allSatisfy((partition, end) -> assertThat(
                                        committed.get(partition) == null
                                                ? 0
                                                : committed.get(partition).offset())
                                .as("%s", partition)
                                .isEqualTo(end));
            });
            long requests = ends(admin, TopicDefinition.REQUESTS).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            await().atMost(PATIENCE).until(() -> read >= requests);
        }
    }

    private static Map<TopicPartition, Long> ends(Admin admin, String topic) throws Exception {
        var partitions = admin.describeTopics(Set.of(topic))
                .allTopicNames()
                .get()
                .get(topic)
                .partitions();
        return admin
                .listOffsets(partitions.stream()
                        .map(partition -> new TopicPartition(topic, partition.partition()))
                        .collect(Collectors.toMap(Function.identity(), any -> OffsetSpec.latest())))
                .all()
                .get()
                .entrySet()
                .stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().offset()));
    }

    private void erase() {
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", ledgers.kafka.bootstrapServers()),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            var partitions = consumer.partitionsFor(TopicDefinition.REQUESTS).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (!closed) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(50))) {
                    ErasureRequest request = Codec.decodeRequest(record.value());
                    erased.add(request.trigger().eventId().toString());
                    ledgers.publish(LedgerSite.STORES.stream()
                            .map(store -> EventRecords.outcome(LedgerSite.outcome(request, store, Status.ERASED)))
                            .toList());
                    read++;
                }
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() throws Exception {
        closed = true;
        stores.join();
        receiver.close();
        ledgers.close();
    }
}
