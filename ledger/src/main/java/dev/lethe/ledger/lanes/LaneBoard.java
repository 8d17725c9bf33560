package dev.lethe.ledger.lanes;

import dev.lethe.kafka.KafkaConfig;
import dev.lethe.worker.deadletter.DeadLetters;
import dev.lethe.worker.status.LaneHealth;
import dev.lethe.worker.status.LaneSurvey;
import dev.lethe.worker.status.ReportedLane;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the lanes again and again, on a thread of its own, so that pages need not wait for it: every few seconds while
 * somebody is interested, every minute otherwise. Safe for any thread.
 */
public final class LaneBoard implements AutoCloseable {
    private static final Duration SAMPLE = Duration.ofSeconds(1);
    private static final Duration WATCHED = Duration.ofSeconds(2);
    private static final Duration UNWATCHED = Duration.ofMinutes(1);
    private static final Duration INTEREST = Duration.ofMinutes(1);
    private static final Logger log = LoggerFactory.getLogger(LaneBoard.class);

    /**
     * What was seen.
     *
     * @param at when; empty if nothing has been seen yet
     * @param problems why not everything could be
     * @param onTheirWay the keys of dead letters that were sent back and not taken yet
     */
    public record View(Optional<Instant> at, List<LaneHealth> lanes, List<String> problems, Set<String> onTheirWay) {
        static final View NONE = new View(Optional.empty(), List.of(), List.of(), Set.of());

        public View {
            lanes = List.copyOf(lanes);
            problems = List.copyOf(problems);
            onTheirWay = Set.copyOf(onTheirWay);
        }

        private boolean tellsTheSameAs(View other) {
            return lanes.equals(other.lanes) && problems.equals(other.problems) && onTheirWay.equals(other.onTheirWay);
        }
    }

    /** An error of a store that is over, or goes on. */
    public record LastError(String code, Instant at) {}

    private final KafkaConfig kafka;
    private final LanesConfig config;
    private final InstantSource clock;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Map<String, LastError> errors = new ConcurrentHashMap<>();
    private final Object wake = new Object();
    private final Thread thread;
    private volatile View view = View.NONE;
    private volatile Instant lastAsked = Instant.EPOCH;
    private volatile Runnable onChange = () -> {};

    public LaneBoard(KafkaConfig kafka, LanesConfig config, InstantSource clock) {
        this.kafka = kafka;
        this.config = config;
        this.clock = clock;
        thread = Thread.ofPlatform().daemon().name("lane-board").start(this::run);
    }

    /** Tells when something looks different. */
    public void onChange(Runnable told) {
        onChange = told;
    }

    /** What was seen last; and that somebody is interested. */
    public View view() {
        lastAsked = clock.instant();
        synchronized (wake) {
            wake.notifyAll();
        }
        return view;
    }

    /** The last error because of which a store's lanes stood, since this process began. */
    public Optional<LastError> lastError(String store) {
        return Optional.ofNullable(errors.get(store));
    }

    /** From whose lanes it looks at. */
    public List<String> stores() {
        return config.stores();
    }

    private void run() {
        try {
            while (closed.getCount() > 0) {
                try (var survey = new LaneSurvey(kafka, config.planned(), clock);
                        var letters = new DeadLetters(kafka, clock)) {
                    watch(survey, letters);
                } catch (KafkaException e) {
                    log.warn("The lanes can't be looked at: {}", e.getClass().getSimpleName());
                    show(new View(
                            view.at(),
                            view.lanes(),
                            List.of("Kafka does not answer: what is shown here is old"),
                            view.onTheirWay()));
                    if (closed.await(WATCHED.toMillis(), TimeUnit.MILLISECONDS)) {
                        return;
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Until this is closed. Leaves no interrupt behind: clients that are closed then would be cut off, and say so. */
    private void watch(LaneSurvey survey, DeadLetters letters) {
        try {
            while (closed.getCount() > 0) {
                show(look(survey, letters));
                pause();
            }
        } catch (InterruptedException | InterruptException e) {
            Thread.interrupted();
        }
    }

    private View look(LaneSurvey survey, DeadLetters letters) throws InterruptedException {
        var reported = new ArrayList<ReportedLane>();
        var problems = new ArrayList<String>();
        for (URI worker : config.workers()) {
            try {
                reported.addAll(ReportedLane.ask(worker));
            } catch (IOException e) {
                problems.add("The worker at " + worker.getAuthority() + " does not say how its lanes are");
            }
        }
        List<LaneHealth> lanes = survey.look(SAMPLE, reported);
        Set<String> onTheirWay = lanes.stream().anyMatch(lane -> lane.deadLetters() > 0)
                ? letters.onTheirWay(config.retrying())
                : Set.of();
        return new View(Optional.of(clock.instant()), lanes, problems, onTheirWay);
    }

    private void show(View seen) {
        View before = view;
        view = seen;
        for (LaneHealth lane : seen.lanes()) {
            LaneHealth.Because because = lane.because();
            if (because != null) {
                errors.put(lane.store(), new LastError(because.code(), clock.instant()));
            }
        }
        if (!seen.tellsTheSameAs(before)) {
            onChange.run();
        }
    }

    private void pause() throws InterruptedException {
        long until = System.nanoTime() + UNWATCHED.toNanos();
        if (closed.await(WATCHED.toMillis(), TimeUnit.MILLISECONDS)) {
            return;
        }
        synchronized (wake) {
            while (!isInterested() && closed.getCount() > 0 && System.nanoTime() < until) {
                wake.wait(WATCHED.toMillis());
            }
        }
    }

    private boolean isInterested() {
        return clock.instant().isBefore(lastAsked.plus(INTEREST));
    }

    @Override
    public void close() {
        closed.countDown();
        thread.interrupt();
    }
}
