package dev.lethe.ledger;

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
import dev.lethe.kafka.Topics;
import dev.lethe.keys.KeyFile;
import dev.lethe.ledger.app.Ledger;
import dev.lethe.ledger.app.LedgerConfig;
import dev.lethe.ledger.database.DatabaseConfig;
import dev.lethe.ledger.database.LedgerDatabase;
import dev.lethe.ledger.keys.LedgerKeys;
import dev.lethe.quickstart.server.KafkaServer;
import dev.lethe.quickstart.server.PostgresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A broker, a PostgreSQL, and ledgers on them; requests and outcomes come from the test. */
final class LedgerSite implements AutoCloseable {
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
        kafka = KafkaServer.start(folder.resolve("kafka"), 0, Map.of());
        postgres = PostgresServer.start(folder.resolve("postgres"));
        keys = LedgerKeys.create(folder.resolve("ledger-keys.json"), folder.resolve("ledger-keys.public.json"));
        KeyFile.create(folder.resolve("keys.json"));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
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
                access: { tokens: { office: { token: a-token-of-the-office } } }
                keys: "%s"
                kafka: { bootstrap.servers: "%s" }
                durability: single-node
                database: { url: "%s", username: %s, password: %s }
                stores: [shop, sessions]
                proof: { keys: "%s", origin: example.org/lethe, checkpoints: PT0.2S }
                backoff: { first: PT0.1S, most: PT0.5S }
                """.formatted(
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
        LedgerConfig config = ConfigFile.parse("ledger.yaml", yaml(database) + more, Map.of(), LedgerConfig::read)
                .config();
        return new Ledger(config, InstantSource.system());
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
