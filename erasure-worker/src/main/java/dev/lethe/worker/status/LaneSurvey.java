package dev.lethe.worker.status;

import dev.lethe.events.Outcome;
import dev.lethe.events.TopicDefinition;
import dev.lethe.kafka.Backlog;
import dev.lethe.kafka.KafkaConfig;
import dev.lethe.kafka.TopicReader;
import dev.lethe.worker.brake.BrakeReader;
import dev.lethe.worker.brake.BrakedStore;
import dev.lethe.worker.deadletter.DeadLetter;
import dev.lethe.worker.deadletter.DeadLetters;
import dev.lethe.worker.status.LaneHealth.Because;
import dev.lethe.worker.status.LaneHealth.State;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the lanes of some stores through Kafka: how far each group is, how fast it gets on, what waits longest and what is
 * due. Takes part in nothing. Every method throws {@link KafkaException} if the cluster does not answer. For one thread.
 */
public final class LaneSurvey implements AutoCloseable {
    /** How near a due date has to be to be at risk. */
    public static final Duration SOON = Duration.ofDays(3);

    /** How long a record may lie untouched before its lane counts as stalled: longer than a large batch takes. */
    private static final Duration UNTOUCHED = Duration.ofSeconds(10);

    private final List<Lane> lanes = new ArrayList<>();
    private final InstantSource clock;
    private final TopicReader reader;
    private final Admin admin;

    private record Lane(
            String name, String store, String group, String topic, Duration delay, Kind kind, boolean isWanted) {}

    private enum Kind {
        /** The first look. */
        FIRST,
        RETRY,
        /** Another look at what has been done: no due date is at stake. */
        AGAIN
    }

    /**
     * How long intents wait.
     *
     * @param after for the first look at the identity provider
     * @param again for each further one
     */
    public record Confirming(Duration after, Duration again) {}

    /**
     * @param retryDelay how long a request waits in a retry topic
     * @param sweeps how long after the request stores are looked at again, the shortest first
     * @param confirming empty if workers are not configured to confirm; should there be intents all the same, that is shown
     */
    public LaneSurvey(
            KafkaConfig kafka,
            Collection<String> stores,
            Duration retryDelay,
            List<Duration> sweeps,
            Optional<Confirming> confirming,
            InstantSource clock) {
        this.clock = clock;
        admin = Admin.create(kafka.with(Map.of("default.api.timeout.ms", "15000", "request.timeout.ms", "5000")));
        reader = new TopicReader(kafka, admin);
        Duration after = confirming.map(Confirming::after).orElse(Duration.ZERO);
        add(Outcome.CONFIRM, TopicDefinition.INTENTS, after, confirming.isPresent());
        confirming.ifPresent(it -> addRetry(Outcome.CONFIRM, it.again()));
        for (String store : stores) {
            add(store, TopicDefinition.REQUESTS, Duration.ZERO, true);
            addRetry(store, retryDelay);
            for (Duration sweep : sweeps) {
                addAgain(store, Outcome.sweep(sweep), TopicDefinition.REQUESTS, sweep);
            }
            if (!sweeps.isEmpty()) {
                addAgain(store, Outcome.SETTLE, TopicDefinition.open(store), sweeps.getLast());
            }
        }
    }

    private void add(String store, String topic, Duration delay, boolean isWanted) {
        lanes.add(new Lane(store, store, "erasure." + store, topic, delay, Kind.FIRST, isWanted));
    }

    private void addRetry(String store, Duration delay) {
        lanes.add(new Lane(
                store + "-retry",
                store,
                "erasure." + store + ".retry",
                TopicDefinition.retry(store),
                delay,
                Kind.RETRY,
                true));
    }

    private void addAgain(String store, String run, String topic, Duration delay) {
        lanes.add(new Lane(store + "-" + run, store, "erasure." + store + "." + run, topic, delay, Kind.AGAIN, true));
    }

    /**
     * Looks at all lanes.
     *
     * @param sample how long to watch how fast they get on
     * @param reported what workers say of them; a lane of which any worker says that it holds, does
     */
    public List<LaneHealth> look(Duration sample, Collection<ReportedLane> reported) throws InterruptedException {
        List<Backlog> before = backlogs();
        Thread.sleep(sample);
        List<Backlog> after = backlogs();
        Map<String, Integer> members = members();
        List<DeadLetter> deadLetters = DeadLetters.open(reader);
        Map<String, Because> brakes = brakes();
        var all = new ArrayList<LaneHealth>();
        for (int i = 0; i < lanes.size(); i++) {
            if (isNobodys(lanes.get(i), after.get(i), members)) {
                continue;
            }
            long done = after.get(i).doneSince(before.get(i));
            all.add(status(
                    lanes.get(i),
                    after.get(i),
                    done * 1000.0 / sample.toMillis(),
                    members.getOrDefault(lanes.get(i).group(), 0),
                    deadLetters,
                    reported,
                    brakes));
        }
        return all;
    }

    /** A lane that there need not be; a store that can't be asked what it holds is not swept. */
    private static boolean isNobodys(Lane lane, Backlog backlog, Map<String, Integer> members) {
        return lane.isWanted()
                ? lane.kind() == Kind.AGAIN
                        && members.getOrDefault(lane.group(), 0) == 0
                        && members.getOrDefault("erasure." + lane.store(), 0) > 0
                : backlog.size() == 0;
    }

    private LaneHealth status(
            Lane lane,
            Backlog backlog,
            double rate,
            int members,
            List<DeadLetter> deadLetters,
            Collection<ReportedLane> reported,
            Map<String, Because> brakes)
            throws InterruptedException {
        Instant now = clock.instant();
        var unfinished = new Unfinished(now);
        // The log is in the order of due dates, so that behind one that is not at risk nothing is. A retry topic is
        // not.
        reader.read(backlog.from(), record -> unfinished.add(record) || lane.kind() == Kind.RETRY);
        List<DeadLetter> own = lane.kind() == Kind.FIRST
                ? deadLetters.stream()
                        .filter(letter -> letter.store().equals(lane.store()))
                        .toList()
                : List.of();
        own.stream().map(DeadLetter::request).filter(Objects::nonNull).forEach(unfinished::count);
        @Nullable
        Because because = reported.stream()
                .filter(it -> it.group().equals(lane.group()))
                .map(ReportedLane::because)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(backlog.size() == 0 ? null : brakes.get(lane.store()));
        return new LaneHealth(
                lane.name(),
                lane.store(),
                lane.group(),
                because == null ? state(lane, unfinished, rate, members, now) : State.HOLDING,
                because,
                backlog.size(),
                rate,
                members,
                unfinished.oldest(),
                lane.kind() == Kind.AGAIN ? 0 : unfinished.dueSoon(),
                lane.kind() == Kind.AGAIN ? 0 : unfinished.overdue(),
                own.size());
    }

    /** Why the lanes of stores stand whose brake has tripped. */
    private Map<String, Because> brakes() throws InterruptedException {
        var brakes = new HashMap<String, Because>();
        BrakeReader.read(reader).forEach((store, state) -> {
            if (state.tripped()) {
                brakes.put(store, new Because(state.at(), BrakedStore.TRIPPED, state.message()));
            }
        });
        return brakes;
    }

    private static State state(Lane lane, Unfinished unfinished, double rate, int members, Instant now) {
        Instant written = unfinished.written();
        if (members == 0) {
            return State.NO_WORKER;
        }
        if (rate > 0) {
            return State.RUNNING;
        }
        if (written == null) {
            return State.IDLE;
        }
        Instant due = written.plus(lane.delay());
        if (due.isAfter(now)) {
            return State.WAITING;
        }
        return due.plus(UNTOUCHED).isAfter(now) ? State.RUNNING : State.STALLED;
    }

    private List<Backlog> backlogs() throws InterruptedException {
        var backlogs = new ArrayList<Backlog>();
        for (Lane lane : lanes) {
            backlogs.add(Backlog.of(admin, reader, lane.group(), List.of(lane.topic())));
        }
        return backlogs;
    }

    private Map<String, Integer> members() throws InterruptedException {
        var members = new HashMap<String, Integer>();
        var groups = admin.describeConsumerGroups(
                        lanes.stream().map(Lane::group).toList())
                .describedGroups();
        for (var group : groups.entrySet()) {
            try {
                members.put(group.getKey(), group.getValue().get().members().size());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof GroupIdNotFoundException)) {
                    throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
                }
            }
        }
        return members;
    }

    @Override
    public void close() {
        reader.close();
        admin.close(Duration.ofSeconds(2));
    }
}
