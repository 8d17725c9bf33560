package dev.lethe.worker.status;

import dev.lethe.kafka.Backlog;
import dev.lethe.kafka.KafkaConfig;
import dev.lethe.kafka.TopicReader;
import dev.lethe.worker.brake.BrakeReader;
import dev.lethe.worker.brake.BrakedStore;
import dev.lethe.worker.deadletter.DeadLetter;
import dev.lethe.worker.deadletter.DeadLetters;
import dev.lethe.worker.status.LaneHealth.Because;
import dev.lethe.worker.status.LaneHealth.State;
import dev.lethe.worker.status.PlannedLane.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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

    private final List<PlannedLane> lanes = new ArrayList<>();
    private final Set<PlannedLane> unplanned = new HashSet<>();
    private final InstantSource clock;
    private final TopicReader reader;
    private final Admin admin;

    /**
     * @param planned the lanes that workers are configured to run; should there be announced deletions that none of them is for,
     *     that is shown as well
     */
    public LaneSurvey(KafkaConfig kafka, Collection<PlannedLane> planned, InstantSource clock) {
        this.clock = clock;
        admin = Admin.create(kafka.with(Map.of("default.api.timeout.ms", "15000", "request.timeout.ms", "5000")));
        reader = new TopicReader(kafka, admin);
        PlannedLane announced = PlannedLane.announced(Duration.ZERO);
        if (planned.stream().noneMatch(lane -> lane.group().equals(announced.group()))) {
            lanes.add(announced);
            unplanned.add(announced);
        }
        lanes.addAll(planned);
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
    private boolean isNobodys(PlannedLane lane, Backlog backlog, Map<String, Integer> members) {
        if (unplanned.contains(lane)) {
            return backlog.size() == 0;
        }
        return lane.kind() == Kind.SWEEP
                && members.getOrDefault(lane.group(), 0) == 0
                && members.getOrDefault(PlannedLane.group(lane.store()), 0) > 0;
    }

    private LaneHealth status(
            PlannedLane lane,
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
                lane.isAgain() ? 0 : unfinished.dueSoon(),
                lane.isAgain() ? 0 : unfinished.overdue(),
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

    private static State state(PlannedLane lane, Unfinished unfinished, double rate, int members, Instant now) {
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
        for (PlannedLane lane : lanes) {
            backlogs.add(Backlog.of(admin, reader, lane.group(), List.of(lane.topic())));
        }
        return backlogs;
    }

    private Map<String, Integer> members() throws InterruptedException {
        var members = new HashMap<String, Integer>();
        var groups = admin.describeConsumerGroups(
                        lanes.stream().map(PlannedLane::group).toList())
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
