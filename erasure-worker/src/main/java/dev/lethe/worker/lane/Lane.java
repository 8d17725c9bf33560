package dev.lethe.worker.lane;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a topic in a consumer group and lets a step work it off, batch by batch.
 *
 * <p>Two threads: one polls, commits, and never waits for long, so that the membership of the group survives any statement
 * and any outage; the other runs the step. While a batch's consequences are on their way into Kafka, the step already has the
 * next one. An offset is committed after the consequences of everything before it are acknowledged (G2), never sooner.
 */
public final class Lane implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Lane.class);
    /** How long a poll may block; bounds how long a stop takes to be noticed. */
    private static final Duration IDLE = Duration.ofMillis(200);
    /** How long to wait for a batch before the consumer is polled again for the sake of its membership. */
    private static final Duration KEEP_ALIVE = Duration.ofMillis(100);
    /** How soon a poll returns while there is something to commit. */
    private static final Duration SETTLING = Duration.ofMillis(5);
    /** How long a stopping lane waits for the batch in hand. */
    private static final Duration GRACE = Duration.ofSeconds(5);
    /** How long it then waits for the consequences of all batches. */
    private static final Duration PUBLISHING = Duration.ofSeconds(3);
    /** How long leaving the group may take: without an answer, the group notices by itself. */
    private static final Duration LEAVING = Duration.ofSeconds(2);

    private static final int MOST_SETTLING = 2;

    private final LaneConfig config;
    private final Supplier<Consumer<String, byte[]>> consumers;
    private final Producer<String, byte[]> producer;
    private final Step step;
    private final InstantSource clock;
    private final Hold hold;
    private final LaneMetrics metrics;
    private final ExecutorService worker;
    private final Thread thread;
    private final Map<Integer, Instant> hurried = new ConcurrentHashMap<>();
    private volatile boolean stopping;
    private volatile boolean reading;
    private volatile @Nullable Instant oldest;

    /**
     * @param consumers makes the group's consumer; asked again if one breaks
     * @param producer takes the consequences; shared, and closed by whoever made it
     * @param registry takes the lane's metrics
     */
    public Lane(
            LaneConfig config,
            Supplier<Consumer<String, byte[]>> consumers,
            Producer<String, byte[]> producer,
            Step step,
            InstantSource clock,
            MeterRegistry registry) {
        this.config = config;
        this.consumers = consumers;
        this.producer = producer;
        this.step = step;
        this.clock = clock;
        this.hold = new Hold(config.name(), config.backoff(), clock);
        this.worker = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("step-" + config.name()).factory());
        this.metrics = new LaneMetrics(registry, this, clock);
        this.thread = Thread.ofPlatform().name("lane-" + config.name()).unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    public String name() {
        return config.name();
    }

    /** How the lane is at the moment; may be asked by any thread. */
    public LaneStatus status() {
        return new LaneStatus(config.name(), config.group(), reading, hold.reason(), Optional.ofNullable(oldest));
    }

    /**
     * Takes what was written to a partition until then, whatever its age: there is no reason to wait any longer. For any thread;
     * a lane that does not have the partition forgets nothing, and does nothing.
     */
    public void hurry(int partition, Instant until) {
        hurried.merge(partition, until, (one, other) -> one.isAfter(other) ? one : other);
    }

    /** Tells the lane to stop, and does not wait for it: who stops many lanes tells all of them first. */
    public void stop() {
        stopping = true;
        hold.end();
    }

    /** Finishes the batch in hand or drops it, commits what is settled and leaves the group; at most about 15 s. */
    @Override
    public void close() {
        stop();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!stopping) {
                try {
                    consume(consumers.get());
                } catch (InterruptException e) {
                    throw new InterruptedException();
                } catch (RuntimeException e) {
                    // Whatever it was: what is not committed is read again by a new consumer.
                    hold.because("CONSUMER_FAILED", e.getClass().getName() + "; the lane starts over");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            worker.shutdownNow();
        }
    }

    private void consume(Consumer<String, byte[]> consumer) throws InterruptedException {
        try {
            new Membership(consumer).consume();
        } finally {
            // By itself it would wait half a minute for a broker that is down.
            consumer.close(CloseOptions.timeout(LEAVING));
        }
    }

    /** The lane as long as one consumer lasts. */
    private final class Membership {
        private final Consumer<String, byte[]> consumer;
        private final Assignment assignment;
        private final Heartbeat heartbeat;
        private final Deque<Batch> settling = new ArrayDeque<>();
        private @Nullable Batch working;

        Membership(Consumer<String, byte[]> consumer) {
            this.consumer = consumer;
            this.assignment = new Assignment(consumer, hold, metrics, clock, config.delay(), hurried);
            this.heartbeat = new Heartbeat(consumer);
        }

        void consume() throws InterruptedException {
            try {
                consumer.subscribe(List.of(config.topic()), assignment);
                advance();
                hold.over();
                while (!stopping) {
                    advance();
                    settle();
                    reading = assignment.isAny();
                    oldest = oldest();
                }
                finish();
            } finally {
                reading = false;
                oldest = null;
                assignment.loseAll();
            }
        }

        private void advance() throws InterruptedException {
            if (working != null) {
                if (!working.awaitWork(KEEP_ALIVE)) {
                    keepAlive();
                } else if (working.isWorked()) {
                    settling.add(working);
                    working = null;
                } else if (!stopping) {
                    throw new IllegalStateException("the step gave up");
                }
            } else if (settling.size() >= MOST_SETTLING) {
                if (!settling.getFirst().dispatch().await(KEEP_ALIVE)) {
                    keepAlive();
                }
            } else {
                assignment.resume();
                Duration most = assignment.untilDue(settling.isEmpty() ? IDLE : SETTLING);
                List<Entry> entries = assignment.admit(poll(most));
                if (!entries.isEmpty()) {
                    working = new Batch(
                            entries,
                            CompletableFuture.supplyAsync(() -> new Dispatch(work(entries), producer), worker));
                }
            }
        }

        /** Waits in here where Kafka's consumer would spin for as long as it is told to wait. */
        private ConsumerRecords<String, byte[]> poll(Duration most) throws InterruptedException {
            if (!heartbeat.isOverdue() && !assignment.isWaiting()) {
                return consumer.poll(most);
            }
            ConsumerRecords<String, byte[]> atOnce = consumer.poll(Duration.ZERO);
            if (!atOnce.isEmpty()) {
                return atOnce;
            }
            Thread.sleep(most);
            return consumer.poll(Duration.ZERO);
        }

        private void keepAlive() {
            assignment.pause();
            assignment.putBack(consumer.poll(Duration.ZERO));
        }

        /** Lets batches be committed in their order, as soon as their consequences are acknowledged. */
        private void settle() {
            while (!settling.isEmpty() && settling.getFirst().dispatch().isAcknowledged()) {
                settling.removeFirst().settle();
            }
            if (!settling.isEmpty() && settling.getFirst().dispatch().hasFailed()) {
                log.warn("Lane {} publishes a batch's outcomes again", config.name());
                settling.getFirst().dispatch().again();
            }
            assignment.commit();
        }

        private @Nullable Instant oldest() {
            Stream<Instant> inHand =
                    Stream.concat(settling.stream(), Stream.ofNullable(working)).map(Batch::oldest);
            return Stream.concat(inHand, assignment.oldestWaiting().stream())
                    .min(Instant::compareTo)
                    .orElse(null);
        }

        private void finish() throws InterruptedException {
            if (working != null) {
                if (working.awaitWork(GRACE) && working.isWorked()) {
                    settling.add(working);
                } else {
                    log.info("Lane {} drops the batch in hand", config.name());
                    worker.shutdownNow();
                }
            }
            long deadline = System.nanoTime() + PUBLISHING.toNanos();
            for (Batch batch : settling) {
                Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
                if (!batch.dispatch().await(left) || batch.dispatch().hasFailed()) {
                    break;
                }
                batch.settle();
            }
            assignment.commitFinally();
        }
    }

    private List<ProducerRecord<String, byte[]>> work(List<Entry> entries) {
        long start = System.nanoTime();
        try {
            while (true) {
                try {
                    List<ProducerRecord<String, byte[]>> consequences = step.take(entries, hold);
                    hold.over();
                    metrics.worked(entries.size(), Duration.ofNanos(System.nanoTime() - start));
                    return consequences;
                } catch (RuntimeException | Error e) {
                    // Nothing that a step forgot to classify may cost a request.
                    hold.because("UNEXPECTED", e.getClass().getName() + " in a step; please report it");
                }
            }
        } catch (InterruptedException e) {
            throw new CancellationException();
        }
    }
}
