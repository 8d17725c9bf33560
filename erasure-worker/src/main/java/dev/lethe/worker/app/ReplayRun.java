package dev.lethe.worker.app;

import dev.lethe.events.Keys;
import dev.lethe.events.SubjectKey;
import dev.lethe.events.TopicDefinition;
import dev.lethe.kafka.KafkaClients;
import dev.lethe.worker.erase.EraseStep;
import dev.lethe.worker.erase.ErasureMetrics;
import dev.lethe.worker.erase.Look;
import dev.lethe.worker.lane.Hold;
import dev.lethe.worker.lane.Step;
import dev.lethe.worker.log.LogReader;
import dev.lethe.worker.log.LogRetention;
import dev.lethe.worker.log.LogSpan;
import dev.lethe.worker.replay.Consequences;
import dev.lethe.worker.replay.CountingStore;
import dev.lethe.worker.replay.Replay;
import dev.lethe.worker.replay.ReplayOrder;
import dev.lethe.worker.replay.ReplayReport;
import dev.lethe.worker.replay.StoreReplay;
import dev.lethe.worker.status.PlannedLane;
import dev.lethe.worker.store.ErasureStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;

/** A replay, wired: the erasing step of each store, over a part of the log. Begins with {@link Replay#start}. */
final class ReplayRun implements AutoCloseable {
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("'replay-'yyyyMMdd'T'HHmmssSSS").withZone(ZoneOffset.UTC);
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(2);

    private final WorkerConfig config;
    private final ReplayOrder order;
    private final Keys keys;
    private final InstantSource clock;
    private final String name;
    private final OpenStores stores;
    private final Optional<Producer<String, byte[]>> producer;
    private final LogSpan span;
    private final boolean logTooShort;
    private final Replay replay;

    /**
     * @param config with the stores that take part
     * @param subject the only person that it is about; empty for everybody
     * @throws StorePlanException if a store is configured for something that is not there
     * @throws KafkaException if the log can't be read
     */
    ReplayRun(WorkerConfig config, ReplayOrder order, Keys keys, Optional<SubjectKey> subject, InstantSource clock)
            throws StorePlanException, InterruptedException {
        this.config = config;
        this.order = order;
        this.keys = keys;
        this.clock = clock;
        this.name = NAME.format(clock.instant());
        this.stores = new OpenStores(config);
        try {
            StorePlanException.throwOnObstacles(stores.byName());
            span = span();
            logTooShort = span.cut() && beginsBeforeRetention();
            producer = order.dryRun()
                    ? Optional.empty()
                    : Optional.of(KafkaClients.producer(config.kafka(), "lethe-replay"));
            replay = new Replay(replays(subject));
        } catch (StorePlanException | InterruptedException | RuntimeException e) {
            stores.close();
            throw e;
        }
    }

    Replay replay() {
        return replay;
    }

    /** How many requests there are at most. */
    long size() {
        return span.size();
    }

    ReplayReport report() {
        return ReplayReport.of(name, order, logTooShort, replay.progress());
    }

    private LogSpan span() {
        try (Consumer<String, byte[]> consumer = KafkaClients.reader(config.kafka(), "lethe-replay")) {
            return LogSpan.between(consumer, TopicDefinition.REQUESTS, order.since(), order.until());
        }
    }

    private boolean beginsBeforeRetention() throws InterruptedException {
        try (Admin admin = config.kafka().admin("lethe-replay-admin")) {
            Instant now = clock.instant();
            return LogRetention.of(TopicDefinition.REQUESTS, admin)
                    .map(now::minus)
                    .filter(order.since()::isBefore)
                    .isPresent();
        }
    }

    private List<StoreReplay> replays(Optional<SubjectKey> subject) {
        Predicate<ConsumerRecord<String, byte[]>> wanted = subject.map(SubjectKey::value)
                .<Predicate<ConsumerRecord<String, byte[]>>>map(key -> record -> key.equals(record.key()))
                .orElse(record -> true);
        Consequences consequences = producer.map(Consequences::published).orElse(Consequences.NONE);
        var replays = new ArrayList<StoreReplay>();
        config.stores().forEach((store, configured) -> {
            ErasureStore opened = Objects.requireNonNull(stores.byName().get(store));
            int perSecond =
                    Math.min(configured.erasuresPerSecond(), order.rate().orElse(StoreConfig.UNLIMITED));
            Consumer<String, byte[]> consumer = KafkaClients.reader(config.kafka(), "lethe-replay-" + store);
            replays.add(new StoreReplay(
                    store,
                    new LogReader(consumer, span, order.since(), wanted),
                    step(store, opened, perSecond),
                    Math.min(config.maxBatch(), perSecond),
                    consequences,
                    new Hold(store + "-replay", config.backoff(), clock)));
        });
        return replays;
    }

    /** What the store's lane does, in another run: what fails goes to the retry topic, where the lane takes it up. */
    private Step step(String store, ErasureStore opened, int perSecond) {
        Step erasing = new EraseStep(
                new Look(store, PlannedLane.group(store), name, false, config.maker()),
                order.dryRun() ? new CountingStore(opened) : opened,
                keys,
                config.retries(),
                new ErasureMetrics(new SimpleMeterRegistry(), store),
                clock);
        return StoreConfig.pace(perSecond).apply(erasing);
    }

    @Override
    public void close() {
        producer.ifPresent(open -> open.close(CLOSE_WITHIN));
        stores.close();
    }
}
