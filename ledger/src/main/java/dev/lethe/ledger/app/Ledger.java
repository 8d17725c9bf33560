package dev.lethe.ledger.app;

import dev.lethe.config.MisconfiguredException;
import dev.lethe.events.Keys;
import dev.lethe.events.TopicDefinition;
import dev.lethe.health.Health;
import dev.lethe.health.ManagementServer;
import dev.lethe.health.RecurringCheck;
import dev.lethe.health.Telemetry;
import dev.lethe.kafka.KafkaClients;
import dev.lethe.kafka.Topics;
import dev.lethe.keys.KeyFile;
import dev.lethe.ledger.certificate.Certificates;
import dev.lethe.ledger.console.ConsoleServer;
import dev.lethe.ledger.database.Checkpointer;
import dev.lethe.ledger.database.LedgerDatabase;
import dev.lethe.ledger.database.Projection;
import dev.lethe.ledger.database.ProjectionStep;
import dev.lethe.ledger.journal.NoteStep;
import dev.lethe.ledger.journal.Notes;
import dev.lethe.ledger.keys.LedgerKeys;
import dev.lethe.worker.lane.Lane;
import dev.lethe.worker.lane.LaneConfig;
import dev.lethe.worker.lane.LaneConsumers;
import dev.lethe.worker.lane.LaneStatus;
import dev.lethe.worker.lane.Step;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * The whole service, wired: a lane for each topic that notes in the journal what comes, and one that brings the journal into the database.
 * Starts in the constructor, whether the database is there or not.
 */
public final class Ledger implements AutoCloseable, Health {
    private static final String GROUP = "erasure.ledger";
    private static final TopicPartition JOURNAL = new TopicPartition(TopicDefinition.JOURNAL, 0);

    private final LedgerConfig config;
    private final InstantSource clock;
    private final Telemetry telemetry = new Telemetry();
    private final Admin admin;
    private final Producer<String, byte[]> producer;
    private final LedgerDatabase database;
    private final Lane journal;
    private final List<Lane> notes;
    private final Checkpointer checkpointer;
    private final RecurringCheck topicCheck;
    private final RecurringCheck databaseCheck;
    private final ManagementServer management;
    private final ConsoleServer console;

    public Ledger(LedgerConfig config, InstantSource clock) throws MisconfiguredException {
        this.config = config;
        this.clock = clock;
        LedgerKeys keys = LedgerKeys.load(config.proof().keys());
        Keys subjects = KeyFile.load(config.console().keys());
        producer = KafkaClients.producer(config.kafka(), "lethe-ledger");
        telemetry.observe(producer);
        admin = config.kafka().admin("lethe-ledger-admin");
        database = new LedgerDatabase(config.database());
        var projection = new Projection(
                database.jdbi(), keys.publicKeys(), config.proof().origin());
        notes = List.of(
                notes("intents", TopicDefinition.INTENTS, Notes.ofRequests(config.stores())),
                notes("requests", TopicDefinition.REQUESTS, Notes.ofRequests(config.stores())),
                notes("outcomes", TopicDefinition.OUTCOMES, Notes.ofOutcomes()),
                notes("dead-letters", TopicDefinition.DEAD_LETTERS, Notes.ofDeadLetters()));
        LaneConfig reading = lane("journal", TopicDefinition.JOURNAL);
        journal = lane(
                reading,
                new JournalConsumers(new LaneConsumers(config.kafka(), reading, config.instanceId()), () -> {
                    database.migrate();
                    return projection.position().nextOffset();
                }),
                new ProjectionStep(projection));
        checkpointer = new Checkpointer(
                database.jdbi(),
                keys,
                config.proof().origin(),
                config.proof().checkpoints(),
                producer,
                () -> journal.status().reading(),
                this::journalEnd);
        var topics = new Topics(admin, config.durability());
        topicCheck = new RecurringCheck("topics", () -> topics.problems(TopicDefinition.ofLedger()));
        databaseCheck = new RecurringCheck("database", database::problems);
        boolean bound = false;
        try {
            management = new ManagementServer(config.management(), this, telemetry, Map.of());
            bound = true;
        } finally {
            if (!bound) {
                closeAllButLanesAndManagement();
            }
        }
        bound = false;
        try {
            console = new ConsoleServer(
                    config.console(),
                    config.kafka(),
                    subjects,
                    database.jdbi(),
                    new Certificates(database.jdbi(), keys, config.proof().origin(), clock),
                    telemetry,
                    clock);
            bound = true;
        } finally {
            if (!bound) {
                management.close();
                closeAllButLanesAndManagement();
            }
        }
        journal.start();
        notes.forEach(Lane::start);
        checkpointer.start();
    }

    private Lane notes(String name, String topic, Notes taken) {
        LaneConfig lane = lane(name, topic);
        return lane(lane, new LaneConsumers(config.kafka(), lane, config.instanceId()), new NoteStep(taken));
    }

    private LaneConfig lane(String name, String topic) {
        return new LaneConfig(
                "ledger-" + name, GROUP + "." + name, topic, Duration.ZERO, config.maxBatch(), config.backoff());
    }

    private Lane lane(LaneConfig lane, Supplier<Consumer<String, byte[]>> consumers, Step step) {
        return new Lane(lane, consumers, producer, step, clock, telemetry.registry());
    }

    private long journalEnd() {
        try {
            return admin.listOffsets(Map.of(JOURNAL, OffsetSpec.latest()))
                    .partitionResult(JOURNAL)
                    .get()
                    .offset();
        } catch (ExecutionException e) {
            throw new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException(e);
        }
    }

    /** The port that people and programs reach. */
    public int port() {
        return console.port();
    }

    /** The port that probes reach. */
    public int managementPort() {
        return management.port();
    }

    /** How its lanes are, that of the journal first. */
    public List<LaneStatus> lanes() {
        return lanesInOrder().map(Lane::status).toList();
    }

    @Override
    public List<String> problems() {
        return Stream.concat(topicCheck.problems().stream(), databaseCheck.problems().stream())
                .toList();
    }

    @Override
    public List<String> degradations() {
        return lanes().stream()
                .flatMap(lane -> lane.holding().stream()
                        .map(hold -> "lane " + lane.lane() + " holds since " + hold.since() + ": " + hold.code() + ": "
                                + hold.message()))
                .toList();
    }

    private Stream<Lane> lanesInOrder() {
        return Stream.concat(Stream.of(journal), notes.stream());
    }

    @Override
    public void close() {
        console.close();
        checkpointer.close();
        lanesInOrder().forEach(Lane::stop);
        lanesInOrder().forEach(Lane::close);
        management.close();
        closeAllButLanesAndManagement();
    }

    private void closeAllButLanesAndManagement() {
        producer.close(Duration.ofSeconds(2));
        topicCheck.close();
        databaseCheck.close();
        admin.close(Duration.ofSeconds(1));
        database.close();
        telemetry.close();
    }
}
