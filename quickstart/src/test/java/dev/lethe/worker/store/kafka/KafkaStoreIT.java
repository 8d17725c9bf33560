package dev.lethe.worker.store.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lethe.events.Outcome.Action;
import dev.lethe.events.Outcome.TargetOutcome;
import dev.lethe.events.Subject;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.StoreContract;
import dev.lethe.worker.store.StorePlan;
import dev.lethe.worker.store.StoreResult;
import dev.lethe.worker.store.Template;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("thorough")
class KafkaStoreIT extends StoreContract {
    private static final Map<String, String> COMPACTED =
            Map.of("cleanup.policy", "compact", "max.compaction.lag.ms", "86400000");

    private static CompactedTopics topics;

    private String profiles;
    private String carts;

    @BeforeAll
    static void start(@TempDir Path directory) {
        topics = new CompactedTopics(directory);
    }

    @AfterAll
    static void stop() {
        topics.close();
    }

    @BeforeEach
    void createTopics() {
        profiles = "profiles-" + UUID.randomUUID();
        carts = "carts-" + UUID.randomUUID();
        topics.create(profiles, COMPACTED);
        topics.create(carts, COMPACTED);
    }

    @Override
    protected ErasureStore open() {
        return open("s3cret", profiles, carts, Clock.systemUTC());
    }

    private static ErasureStore open(String password, String profiles, String carts, Clock clock) {
        var templates = new LinkedHashMap<String, List<Template>>();
        templates.put(profiles, List.of(Template.parse("{userId}")));
        templates.put(carts, List.of(Template.parse("cart-{userId}"), Template.parse("mail-{email}")));
        return new KafkaStore("topics", new KafkaStoreConfig(topics.login(password), templates), clock);
    }

    @Override
    protected ErasureStore openWithWrongCredentials() {
        return open("wrong", profiles, carts, Clock.systemUTC());
    }

    @Override
    protected ErasureStore openWithMissingTarget() {
        return open("s3cret", profiles, "crats", Clock.systemUTC());
    }

    @Override
    protected Map<String, Long> plant(Subject subject) {
        topics.send(profiles, subject.userId(), "old");
        topics.send(profiles, subject.userId(), "new");
        topics.send(carts, 2, "cart-" + subject.userId(), "put there by a producer with a partitioner of its own");
        topics.send(carts, "mail-" + subject.values("email").getFirst(), "x");
        var items = new LinkedHashMap<String, Long>();
        items.put(profiles, 2L);
        items.put(carts, 2L);
        return items;
    }

    /** A record has one key. */
    @Override
    protected Map<String, Long> plantShared(Subject one, Subject other) {
        return Map.of();
    }

    @Override
    protected List<String> contents() {
        return Stream.of(profiles, carts)
                .flatMap(topic -> topics.contents(topic).stream())
                .toList();
    }

    @Override
    protected boolean deletesAtOnce() {
        return false;
    }

    @Override
    protected void settle() {
        topics.compact(profiles);
        topics.compact(carts);
    }

    @Override
    protected int crowd() {
        return 50;
    }

    @Override
    protected void cutOff() {
        topics.server().kill();
    }

    @Override
    protected void bringBack() {
        topics.server().restart();
    }

    @Test
    void whatIsBuriedIsScheduledUntilTheTopicHasToBeCompacted() throws Exception {
        plant(ada());
        Instant before = Instant.now();

        try (ErasureStore store = open()) {
            TargetOutcome buried = outcome(store, profiles);

            assertThat(buried.action()).isEqualTo(Action.SCHEDULE);
            assertThat(buried.items()).isEqualTo(2);
            assertThat(buried.until())
                    .isBetween(before.plus(Duration.ofDays(1)), Instant.now().plus(Duration.ofHours(25)));
            settle();
            assertThat(outcome(store, profiles)).isEqualTo(TargetOutcome.deleted(profiles, 0));
        }
    }

    @Test
    void aSecondEraseBuriesNothingTwiceAndKeepsTheDate() throws Exception {
        plant(ada());

        try (ErasureStore store = open()) {
            TargetOutcome first = outcome(store, profiles);

            assertThat(outcome(store, profiles)).isEqualTo(first);
            assertThat(tombstones(profiles)).isEqualTo(1);
        }
    }

    @Test
    void aValueThatOutlivesItsDateIsBuriedAgainSoThatItsSegmentIsClosed() throws Exception {
        plant(ada());
        try (ErasureStore store = open()) {
            store.erase(List.of(ada()));
        }

        try (ErasureStore late = open("s3cret", profiles, carts, Clock.offset(Clock.systemUTC(), Duration.ofDays(2)))) {
            late.erase(List.of(ada()));
        }

        assertThat(tombstones(profiles)).isEqualTo(2);
    }

    @Test
    void aTombstoneOfSomebodyElseDoesNotCount() throws Exception {
        plant(ada());
        topics.send(profiles, ada().userId(), null);

        try (ErasureStore store = open()) {
            assertThat(outcome(store, profiles).items()).isEqualTo(2);
        }

        assertThat(tombstones(profiles)).isEqualTo(2);
    }

    @Test
    void whoseNothingIsThereGetsNoTombstone() throws Exception {
        try (ErasureStore store = open()) {
            store.erase(List.of(ada()));
        }

        assertThat(topics.records(profiles)).isEmpty();
    }

    @Test
    void aTopicThatDoesNotForgetIsAnObstacle() throws Exception {
        String log = "log-" + UUID.randomUUID();
        String slow = "slow-" + UUID.randomUUID();
        topics.create(log, Map.of("cleanup.policy", "delete", "max.compaction.lag.ms", "86400000"));
        topics.create(slow, Map.of("cleanup.policy", "compact"));

        try (ErasureStore store = open("s3cret", log, slow, Clock.systemUTC())) {
            StorePlan plan = store.plan();

            assertThat(plan.obstacles())
                    .satisfiesExactlyInAnyOrder(
                            obstacle -> assertThat(obstacle)
                                    .contains(log, "not compacted", "--add-config cleanup.policy=compact"),
                            obstacle -> assertThat(obstacle)
                                    .contains(slow, "no max.compaction.lag.ms", "--add-config max.compaction.lag.ms="));
            assertUnavailable(thrownBy(() -> store.erase(List.of(ada()))), "MISCONFIGURED");
        }
    }

    @Test
    void aTopicThatForgetsLateAndTheCostOfABatchAreWarnedOf() throws Exception {
        String late = "late-" + UUID.randomUUID();
        topics.create(late, Map.of("cleanup.policy", "compact,delete", "max.compaction.lag.ms", "3456000000"));
        plant(ada());

        try (ErasureStore store = open("s3cret", profiles, late, Clock.systemUTC())) {
            StorePlan plan = store.plan();

            assertThat(plan.obstacles()).isEmpty();
            assertThat(plan.warnings())
                    .satisfiesExactly(
                            warning -> assertThat(warning).contains(late, "40 days"),
                            warning -> assertThat(warning).contains("up to 2 records"));
        }
    }

    @Test
    void aSubjectWithoutAnIdentifierIsUnresolvedAndTheOthersAreErased() throws Exception {
        var nameless = new Subject(ada().key(), "half a pair: \uD83E", null, Map.of());
        Map<String, Long> planted = plant(subject("bob-" + MARK));

        try (ErasureStore store = open()) {
            List<StoreResult> results = store.erase(List.of(nameless, subject("bob-" + MARK)));

            assertThat(results.getFirst()).isEqualTo(new StoreResult.Unresolved("INVALID_IDENTIFIER"));
            assertThat(items(results.subList(1, 2))).containsExactly(planted);
        }
    }

    private long tombstones(String topic) {
        return topics.records(topic).stream()
                .filter(record -> record.value() == null)
                .count();
    }

    private static Subject ada() {
        return subject("ada-" + MARK);
    }

    private static TargetOutcome outcome(ErasureStore store, String topic) throws Exception {
        var settled = (StoreResult.Settled) store.erase(List.of(ada())).getFirst();
        return settled.targets().stream()
                .filter(target -> target.target().equals(topic))
                .findFirst()
                .orElseThrow();
    }
}
