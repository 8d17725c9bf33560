package dev.lethe.ledger;

import static org.awaitility.Awaitility.await;

import dev.lethe.config.ConfigFile;
import dev.lethe.config.MisconfiguredException;
import dev.lethe.config.Secret;
import dev.lethe.events.Durability;
import dev.lethe.events.ErasureRequest;
import dev.lethe.events.EventRecords;
import dev.lethe.events.Keys;
import dev.lethe.events.Outcome;
import dev.lethe.events.Outcome.Status;
import dev.lethe.events.Outcome.TargetOutcome;
import dev.lethe.events.Subject;
import dev.lethe.events.SubjectKey;
import dev.lethe.events.TopicDefinition;
import dev.lethe.events.Trigger;
import dev.lethe.health.Telemetry;
import dev.lethe.kafka.KafkaConfig;
import dev.lethe.kafka.TopicReader;
import dev.lethe.kafka.Topics;
import dev.lethe.keys.KeyFile;
import dev.lethe.ledger.app.Ledger;
import dev.lethe.ledger.app.LedgerConfig;
import dev.lethe.ledger.database.DatabaseConfig;
import dev.lethe.ledger.database.LedgerDatabase;
import dev.lethe.ledger.database.Projection;
import dev.lethe.ledger.journal.JournalCodec;
import dev.lethe.ledger.journal.JournalRecord;
import dev.lethe.ledger.journal.JournalWriter;
import dev.lethe.ledger.journal.Notes;
import dev.lethe.ledger.keys.LedgerKeys;
import dev.lethe.quickstart.server.KafkaServer;
import dev.lethe.quickstart.server.PostgresServer;
import dev.lethe.worker.deadletter.Failure;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A broker, a PostgreSQL, and ledgers on them; requests and outcomes come from the test. */
final class LedgerSite implements AutoCloseable {
    static final String TOKEN = "a-token-of-the-office";
    static final List<String> STORES = List.of("sessions", "shop");
    static final String[] TABLES = {
        "journal",
        "entry",
        "tile",
        "checkpoint",
        "request",
        "request_store",
        "dead_letter",
        "action",
        "callback",
        "tally",
        "duration"
    };

    final KafkaServer kafka;
    final PostgresServer postgres;
    final LedgerKeys keys;
    private final Path folder;
    private final Keys subjects = Keys.create();
    private final KafkaProducer<String, byte[]> producer;
    private int databases;

    LedgerSite(Path folder) throws Exception {
        this.folder = folder;
        kafka = KafkaServer.start(folder.resolve("kafka"), 0, Map.of("log.cleaner.backoff.ms", "100"));
        postgres = PostgresServer.start(folder.resolve("postgres"));
        keys = LedgerKeys.create(folder.resolve("ledger-keys.json"), folder.resolve("ledger-keys.public.json"));
        KeyFile.create(folder.resolve("keys.json"));
        try (Admin admin = admin()) {
            new Topics(admin, Durability.SINGLE_NODE).create(TopicDefinition.all(STORES));
        }
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "acks", "all"),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    Path publicKeys() {
        return folder.resolve("ledger-keys.public.json");
    }

    /** A database with nothing in it. */
    String newDatabase() throws Exception {
        String name = "ledger" + ++databases;
        postgres.createDatabase(name);
        return name;
    }

    String yaml(String database) {
        return """
            management: { host: 127.0.0.1, port: 0 }
            http: { host: 127.0.0.1, port: 0 }
            access: { tokens: { office: { token: %s, role: operator } } }
            keys: "%s"
            kafka: { bootstrap.servers: "%s" }
            durability: single-node
            database: { url: "%s", username: %s, password: %s }
            stores: [shop, sessions]
            proof: { keys: "%s", origin: example.org/lethe, checkpoints: PT0.2S }
            backoff: { first: PT0.1S, most: PT0.5S }
            """.formatted(
                        TOKEN,
                        folder.resolve("keys.json"),
                        kafka.bootstrapServers(),
                        postgres.jdbcUrl(database),
                        PostgresServer.USERNAME,
                        PostgresServer.USERNAME,
                        folder.resolve("ledger-keys.json"));
    }

    Ledger ledger(String database) throws MisconfiguredException {
        return ledger(database, "");
    }

    /** @param more further sections of the configuration */
    Ledger ledger(String database, String more) throws MisconfiguredException {
        return ledger(database, more, InstantSource.system());
    }

    Ledger ledger(String database, String more, InstantSource clock) throws MisconfiguredException {
        LedgerConfig config = ConfigFile.parse("ledger.yaml", yaml(database) + more, Map.of(), LedgerConfig::read)
                .config();
        return new Ledger(config, clock);
    }

    /** A connection of the test's own. */
    LedgerDatabase database(String database) {
        return new LedgerDatabase(new DatabaseConfig(
                postgres.jdbcUrl(database),
                PostgresServer.USERNAME,
                Optional.of(new Secret(PostgresServer.USERNAME)),
                2));
    }

    /** Every row of these tables, as text. */
    List<String> rows(String database, String... tables) {
        try (LedgerDatabase opened = database(database)) {
            var rows = new ArrayList<String>();
            for (String table : tables) {
                rows.addAll(opened.jdbi()
                        .withHandle(handle -> handle.createQuery(
                                        "select '" + table + " ' || t::text from " + table + " t order by 1")
                                .mapTo(String.class)
                                .list()));
            }
            return rows;
        }
    }

    long number(String database, String sql) {
        try (LedgerDatabase opened = database(database)) {
            return opened.jdbi()
                    .withHandle(
                            handle -> handle.createQuery(sql).mapTo(Long.class).one());
        }
    }

    ErasureRequest request(String user) {
        Instant now = Instant.now();
        SubjectKey key = subjects.subjectKey("tenant", user);
        UUID id = UUID.randomUUID();
        return subjects.seal(
                id,
                now,
                now.plus(Duration.ofDays(30)),
                new Trigger("fusionauth", "user.delete", id, null, now),
                new Subject(key, user, "tenant", Map.of("email", List.of(user + "@example.org"))));
    }

    ProducerRecord<String, byte[]> requested(ErasureRequest request) {
        return EventRecords.request(TopicDefinition.REQUESTS, request, null);
    }

    ProducerRecord<String, byte[]> announced(ErasureRequest request) {
        return EventRecords.request(TopicDefinition.INTENTS, request, null);
    }

    static Outcome outcome(ErasureRequest request, String store, Status status) {
        return new Outcome(
                request.requestId(),
                request.subject().key(),
                store,
                status == Status.WITHDRAWN ? Outcome.CONFIRM : Outcome.ERASE,
                Instant.now(),
                1,
                status,
                status == Status.FAILED ? "CONFLICT" : null,
                status == Status.ERASED ? List.of(TargetOutcome.deleted("customers", 3)) : List.of());
    }

    static ProducerRecord<String, byte[]> outcomeRecord(ErasureRequest request, String store, Status status) {
        return EventRecords.outcome(outcome(request, store, status));
    }

    ProducerRecord<String, byte[]> deadLetter(ErasureRequest request, String store) {
        ProducerRecord<String, byte[]> record = requested(request);
        var read = new ConsumerRecord<>(record.topic(), 0, 0, record.key(), record.value());
        return Failure.of(read, "erasure." + store, store, "CONFLICT", Instant.now())
                .deadLetter(read, request.requestId().toString());
    }

    /** Requests and their outcomes, in an order of their own, and some of them twice. */
    List<ProducerRecord<String, byte[]>> traffic(int requests, long seed) {
        var records = new ArrayList<ProducerRecord<String, byte[]>>();
        for (int i = 0; i < requests; i++) {
            ErasureRequest request = request("user-" + seed + "-" + i);
            records.add(requested(request));
            STORES.forEach(store -> records.add(outcomeRecord(request, store, Status.ERASED)));
            if (i % 10 == 0) {
                records.add(requested(request));
                records.add(records.get(records.size() - 2));
            }
        }
        Collections.shuffle(records, new Random(seed));
        return records;
    }

    /** Everything that is in the topics, as a ledger has it that nothing ever happened to: taken at once, by no lane and from no journal. */
    String undisturbed() throws Exception {
        String database = newDatabase();
        var records = new ArrayList<JournalRecord>();
        Map<String, Notes> topics = Map.of(
                TopicDefinition.INTENTS, Notes.ofRequests(STORES),
                TopicDefinition.REQUESTS, Notes.ofRequests(STORES),
                TopicDefinition.OUTCOMES, Notes.ofOutcomes(),
                TopicDefinition.DEAD_LETTERS, Notes.ofDeadLetters());
        for (Map.Entry<String, Notes> topic : topics.entrySet()) {
            for (ConsumerRecord<String, byte[]> record : records(topic.getKey())) {
                topic.getValue()
                        .of(record)
                        .ifPresent(entry -> records.add(
                                new JournalRecord(records.size(), Instant.EPOCH, false, JournalCodec.encode(entry))));
            }
        }
        try (LedgerDatabase opened = database(database)) {
            opened.migrate();
            new Projection(opened.jdbi(), keys.publicKeys(), "example.org/lethe").apply(0, records, records.size());
        }
        return database;
    }

    private List<ConsumerRecord<String, byte[]>> records(String topic) throws InterruptedException {
        try (Admin admin = admin();
                var reader = new TopicReader(
                        new KafkaConfig(Map.of("bootstrap.servers", kafka.bootstrapServers())), admin)) {
            return reader.all(topic);
        }
    }

    /** The keys of all records of the dead letters, tombstones too. */
    Set<String> deadLetterKeys() throws InterruptedException {
        return records(TopicDefinition.DEAD_LETTERS).stream()
                .map(ConsumerRecord::key)
                .collect(Collectors.toSet());
    }

    /** What the journal has about a request. */
    List<String> journal(UUID request) throws InterruptedException {
        return records(TopicDefinition.JOURNAL).stream()
                .filter(record -> request.toString().equals(record.key()))
                .map(record -> new String(record.value(), StandardCharsets.UTF_8))
                .toList();
    }

    /** Writes to the journal as a ledger does. */
    JournalWriter writer() {
        return new JournalWriter(
                new KafkaConfig(Map.of("bootstrap.servers", kafka.bootstrapServers())), new Telemetry());
    }

    /** The keys of what is open in a ledger's database. */
    List<String> openDeadLetters(String database) {
        try (LedgerDatabase opened = database(database)) {
            return opened.jdbi()
                    .withHandle(handle -> handle.createQuery("select key from dead_letter")
                            .mapTo(String.class)
                            .list());
        }
    }

    /** Has Kafka drop the tombstone that closed a dead letter, as it does by itself a day after it was compacted. */
    void forget(String key) throws Exception {
        int partition = records(TopicDefinition.DEAD_LETTERS).stream()
                .filter(record -> record.key().equals(key))
                .findFirst()
                .orElseThrow()
                .partition();
        ProducerRecord<String, byte[]> another = deadLetter(request("another"), STORES.getFirst());
        try (Admin admin = admin()) {
            alter(admin, AlterConfigOp.OpType.SET);
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                // A segment is closed by the first record after its time.
                publish(List.of(new ProducerRecord<>(
                        another.topic(), partition, another.key(), another.value(), another.headers())));
                return !deadLetterKeys().contains(key);
            });
            alter(admin, AlterConfigOp.OpType.DELETE);
        }
    }

    private static void alter(Admin admin, AlterConfigOp.OpType operation) throws Exception {
        List<AlterConfigOp> changes = Map.of(
                        "segment.ms", "1",
                        "max.compaction.lag.ms", "1",
                        "min.cleanable.dirty.ratio", "0",
                        "delete.retention.ms", "0")
                .entrySet()
                .stream()
                .map(entry -> new AlterConfigOp(new ConfigEntry(entry.getKey(), entry.getValue()), operation))
                .toList();
        admin.incrementalAlterConfigs(
                        Map.of(new ConfigResource(ConfigResource.Type.TOPIC, TopicDefinition.DEAD_LETTERS), changes))
                .all()
                .get();
    }

    private Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    }

    void publish(List<ProducerRecord<String, byte[]>> records) throws Exception {
        var sent = new ArrayList<Future<RecordMetadata>>();
        records.forEach(record -> sent.add(producer.send(record)));
        for (Future<RecordMetadata> record : sent) {
            record.get();
        }
    }

    @Override
    public void close() {
        producer.close();
        postgres.close();
        kafka.close();
    }
}
