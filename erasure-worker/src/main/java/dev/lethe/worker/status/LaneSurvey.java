package dev.lethe.worker.status;

import dev.lethe.events.Outcome;
import dev.lethe.events.TopicDefinition;
import dev.lethe.kafka.Backlog;
import dev.lethe.kafka.KafkaConfig;
import dev.lethe.kafka.TopicReader;
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
            String name, String store, String group, String topic, Duration delay, boolean isRetry, boolean isWanted) {}

    /**
     * How long intents wait.
     *
     * @param after for the first look at the identity provider
     * @param again for each further one
     */
    public record Confirming(Duration after, Duration again) {}

    /**
     * @param retryDelay how long a request waits in a retry topic
     * @param confirming empty if workers are not configured to confirm; should there be intents all the same, that is shown
     */
    public LaneSurvey(
            KafkaConfig kafka,
            Collection<String> stores,
            Duration retryDelay,
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
        }
    }

    private void add(String store, String topic, Duration delay, boolean isWanted) {
        lanes.add(new Lane(store, store, "erasure." + store, topic, delay, false, isWanted));
    }

    private void addRetry(String store, Duration delay) {
        lanes.add(new Lane(
                store + "-retry",
                store,
                "erasure." + store + ".retry",
                TopicDefinition.retry(store),
                delay,
                true,
                true));
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
        var all = new ArrayList<LaneHealth>();
        for (int i = 0; i < lanes.size(); i++) {
            if (!lanes.get(i).isWanted() && after.get(i).size() == 0) {
                continue;
            }
            long done = after.get(i).doneSince(before.get(i));
            all.add(status(
                    lanes.get(i),
                    after.get(i),
                    done * 1000.0 / sample.toMillis(),
                    members.getOrDefault(lanes.get(i).group(), 0),
                    deadLetters,
                    reported));
        }
        return all;
    }

    private LaneHealth status(
            Lane lane,
            Backlog backlog,
            double rate,
            int members,
            List<DeadLetter> deadLetters,
            Collection<ReportedLane> reported)
            throws InterruptedException {
        Instant now = clock.instant();
        var unfinished = new Unfinished(now);
        // The log is in the order of due dates, so that behind one that is not at risk nothing is. A retry topic is
        // not.
        reader.read(backlog.from(), record -> unfinished.add(record) || lane.isRetry());
        List<DeadLetter> own = lane.isRetry()
                ? List.of()
                : deadLetters.stream()
                        .filter(letter -> letter.store().equals(lane.store()))
                        .toList();
        own.stream().map(DeadLetter::request).filter(Objects::nonNull).forEach(unfinished::count);
        @Nullable
        Because because = reported.stream()
                .filter(it -> it.group().equals(lane.group()))
                .map(ReportedLane::because)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
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
                unfinished.dueSoon(),
                unfinished.overdue(),
                own.size());
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
