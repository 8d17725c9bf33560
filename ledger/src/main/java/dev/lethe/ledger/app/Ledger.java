package dev.lethe.ledger.app;

import dev.lethe.config.MisconfiguredException;
import dev.lethe.events.Keys;
import dev.lethe.events.TopicDefinition;
import dev.lethe.health.Health;
import dev.lethe.health.ManagementServer;
import dev.lethe.health.RecurringCheck;
import dev.lethe.health.Telemetry;
import dev.lethe.kafka.KafkaClients;
import dev.lethe.kafka.TopicReader;
import dev.lethe.kafka.Topics;
import dev.lethe.keys.KeyFile;
import dev.lethe.ledger.certificate.Certificates;
import dev.lethe.ledger.console.ConsoleServer;
import dev.lethe.ledger.database.Checkpointer;
import dev.lethe.ledger.database.LedgerDatabase;
import dev.lethe.ledger.database.MissedClosings;
import dev.lethe.ledger.database.Projection;
import dev.lethe.ledger.database.ProjectionStep;
import dev.lethe.ledger.journal.JournalWriter;
import dev.lethe.ledger.journal.NoteStep;
import dev.lethe.ledger.journal.Notes;
import dev.lethe.ledger.keys.LedgerKeys;
import dev.lethe.ledger.opendsr.CallbackSender;
import dev.lethe.ledger.opendsr.Docket;
import dev.lethe.ledger.opendsr.HeldNotes;
import dev.lethe.ledger.opendsr.OpenDsr;
import dev.lethe.ledger.opendsr.OpenDsrConfig;
import dev.lethe.ledger.opendsr.ReleaseStep;
import dev.lethe.worker.lane.Lane;
import dev.lethe.worker.lane.LaneConfig;
import dev.lethe.worker.lane.LaneConsumers;
import dev.lethe.worker.lane.LaneStatus;
import dev.lethe.worker.lane.Step;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
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
    private final JournalWriter writer;
    private final LedgerDatabase database;
    private final Lane journal;
    private final List<Lane> others;
    private final Checkpointer checkpointer;
    private final Optional<OpenDsr> openDsr;
    private final Optional<CallbackSender> callbacks;
    private final MissedClosings missedClosings;
    private final RecurringCheck topicCheck;
    private final RecurringCheck databaseCheck;
    private final ManagementServer management;
    private final ConsoleServer console;
    private final RecurringCheck logCheck;

    public Ledger(LedgerConfig config, InstantSource clock) throws MisconfiguredException {
        this.config = config;
        this.clock = clock;
        LedgerKeys keys = LedgerKeys.load(config.proof().keys());
        Keys subjects = KeyFile.load(config.console().keys());
        Optional<OpenDsrConfig> processor = config.console().openDsr();
        openDsr = processor.isPresent() ? Optional.of(OpenDsr.load(processor.get())) : Optional.empty();
        producer = KafkaClients.patientProducer(config.kafka(), "lethe-ledger");
        telemetry.observe(producer);
        writer = new JournalWriter(config.kafka(), telemetry);
        admin = config.kafka().admin("lethe-ledger-admin");
        database = new LedgerDatabase(config.database());
        var projection = new Projection(
                database.jdbi(), keys.publicKeys(), config.proof().origin());
        var lanes = new ArrayList<Lane>();
        lanes.add(notes("intents", TopicDefinition.INTENTS, Notes.ofRequests(config.stores())));
        lanes.add(notes("requests", TopicDefinition.REQUESTS, Notes.ofRequests(config.stores())));
        lanes.add(notes("outcomes", TopicDefinition.OUTCOMES, Notes.ofOutcomes()));
        lanes.add(notes("dead-letters", TopicDefinition.DEAD_LETTERS, Notes.ofDeadLetters()));
        var docket = new Docket(database.jdbi());
        openDsr.ifPresent(it -> {
            lanes.add(notes("held", TopicDefinition.HELD, new HeldNotes()));
            lanes.add(releasing(it.config(), docket));
        });
        others = List.copyOf(lanes);
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
                this::isReading,
                this::journalEnd);
        callbacks = openDsr.map(it ->
                new CallbackSender(it, docket, writer, this::isReading, this::journalEnd, telemetry.registry(), clock));
        missedClosings =
                new MissedClosings(database.jdbi(), writer, this::isReading, this::journalEnd, this::deadLetterKeys);
        var topics = new Topics(admin, config.durability());
        topicCheck = new RecurringCheck("topics", () -> topics.problems(TopicDefinition.ofLedger(openDsr.isPresent())));
        databaseCheck = new RecurringCheck("database", database::problems);
        boolean bound = false;
        try {
            console = new ConsoleServer(
                    config.console(),
                    config.kafka(),
                    subjects,
                    database.jdbi(),
                    new Certificates(database.jdbi(), keys, config.proof().origin(), clock),
                    writer,
                    this::journalEnd,
                    openDsr,
                    telemetry,
                    clock);
            bound = true;
        } finally {
            if (!bound) {
                closeAllButLanesAndServers();
            }
        }
        logCheck = new RecurringCheck("log", console::problems);
        bound = false;
        try {
            management = new ManagementServer(config.management(), this, telemetry, Map.of());
            bound = true;
        } finally {
            if (!bound) {
                logCheck.close();
                console.close();
                closeAllButLanesAndServers();
            }
        }
        journal.start();
        others.forEach(Lane::start);
        checkpointer.start();
        callbacks.ifPresent(CallbackSender::start);
        missedClosings.start();
    }

    private Lane notes(String name, String topic, Notes taken) {
        LaneConfig lane = lane(name, topic);
        return lane(lane, new LaneConsumers(config.kafka(), lane, config.instanceId()), new NoteStep(taken));
    }

    private Lane releasing(OpenDsrConfig held, Docket docket) {
        LaneConfig lane = lane("release", TopicDefinition.HELD, held.cancellable());
        return lane(
                lane,
                new LaneConsumers(config.kafka(), lane, config.instanceId()),
                new ReleaseStep(docket, writer, clock));
    }

    private LaneConfig lane(String name, String topic) {
        return lane(name, topic, Duration.ZERO);
    }

    private LaneConfig lane(String name, String topic, Duration delay) {
        return new LaneConfig("ledger-" + name, GROUP + "." + name, topic, delay, config.maxBatch(), config.backoff());
    }

    private boolean isReading() {
        return journal.status().reading();
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

    private Set<String> deadLetterKeys() throws InterruptedException {
        try (var reader = new TopicReader(config.kafka(), admin)) {
            return reader.all(TopicDefinition.DEAD_LETTERS).stream()
                    .map(ConsumerRecord::key)
                    .filter(Objects::nonNull)
                    .map(Notes::deadLetterKey)
                    .collect(Collectors.toSet());
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
        return Stream.of(topicCheck, databaseCheck, logCheck)
                .flatMap(check -> check.problems().stream())
                .toList();
    }

    @Override
    public List<String> degradations() {
        return Stream.of(
                        lanes().stream()
                                .flatMap(lane -> lane.holding().stream()
                                        .map(hold -> "lane " + lane.lane() + " holds since " + hold.since() + ": "
                                                + hold.code() + ": " + hold.message())),
                        callbacks.stream().flatMap(sender -> sender.degradations().stream()),
                        openDsr.flatMap(it -> it.degradation(clock.instant())).stream())
                .flatMap(Function.identity())
                .toList();
    }

    private Stream<Lane> lanesInOrder() {
        return Stream.concat(Stream.of(journal), others.stream());
    }

    @Override
    public void close() {
        logCheck.close();
        console.close();
        callbacks.ifPresent(CallbackSender::close);
        checkpointer.close();
        missedClosings.close();
        lanesInOrder().forEach(Lane::stop);
        lanesInOrder().forEach(Lane::close);
        management.close();
        closeAllButLanesAndServers();
    }

    private void closeAllButLanesAndServers() {
        producer.close(Duration.ofSeconds(2));
        writer.close();
        topicCheck.close();
        databaseCheck.close();
        admin.close(Duration.ofSeconds(1));
        database.close();
        telemetry.close();
    }
}
