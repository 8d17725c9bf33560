package dev.lethe.worker.erase;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lethe.events.Codec;
import dev.lethe.events.Keys;
import dev.lethe.events.Outcome;
import dev.lethe.events.Outcome.Status;
import dev.lethe.events.Outcome.TargetOutcome;
import dev.lethe.events.Subject;
import dev.lethe.events.TopicDefinition;
import dev.lethe.events.Trigger;
import dev.lethe.events.UnreadableRecordException;
import dev.lethe.worker.deadletter.Failure;
import dev.lethe.worker.lane.Backoff;
import dev.lethe.worker.lane.Entry;
import dev.lethe.worker.lane.Hold;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.StoreFailureException;
import dev.lethe.worker.store.StoreResult;
import dev.lethe.worker.store.StoreUnavailableException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The step alone: what it asks of a store, and what it has the lane publish. */
class EraseStepTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Outcome.Maker MAKER = new Outcome.Maker("1.0", "sha256:" + "0".repeat(64));
    private static final Duration DELAY = Duration.ofMinutes(5);
    private static final Duration MAX_AGE = Duration.ofHours(72);
    private static final String TENANT = "30663132-6464-6665-3032-326466613934";
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static final String POISON = "person-317";

    private final Keys keys = Keys.create();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private Instant now = NOON;
    private long offset;

    @Test
    void aBatchThatFailsBecauseOfOnePersonIsTakenApartUntilThatPersonStandsAlone() throws Exception {
        var store = new ScriptedStore(batch -> {
            if (has(batch, POISON)) {
                throw new StoreFailureException("CONSTRAINT");
            }
        });

        List<ProducerRecord<String, byte[]>> consequences = take(store, people(500));

        assertThat(store.erasures())
                .as("everybody else, once")
                .hasSize(499)
                .doesNotContainKey(POISON)
                .allSatisfy((person, times) -> assertThat(times).isEqualTo(1));
        assertThat(outcomes(consequences))
                .hasSize(499)
                .extracting(Outcome::status)
                .containsOnly(Status.ERASED);
        assertThat(to(TopicDefinition.retry("shop"), consequences)).hasSize(1);
        assertThat(to(TopicDefinition.DEAD_LETTERS, consequences)).isEmpty();
        assertThat(store.asked())
                .filteredOn(batch -> has(batch, POISON) && batch.size() == 1)
                .hasSize(1);
        // One for the whole, and two for each of the nine halvings of 500.
        assertThat(store.asked().size()).as("statements that one person costs").isLessThanOrEqualTo(1 + 2 * 9);
    }

    static Stream<Throwable> whatNobodyClassified() {
        return Stream.of(
                new IllegalStateException("ann@one.example"),
                new ArrayIndexOutOfBoundsException(7),
                new StackOverflowError(),
                new NoClassDefFoundError("gone"));
    }

    @ParameterizedTest
    @MethodSource("whatNobodyClassified")
    void anErrorThatNobodyClassifiedCountsAsThePersonsOwnAndNeverAsDone(Throwable unclassified) throws Exception {
        var store = new ScriptedStore(batch -> {
            if (has(batch, POISON)) {
                EraseStepTest.<RuntimeException>rethrow(unclassified);
            }
        });

        List<ProducerRecord<String, byte[]>> consequences = take(store, people(400));

        assertThat(outcomes(consequences))
                .hasSize(399)
                .extracting(Outcome::status)
                .containsOnly(Status.ERASED);
        assertThat(to(TopicDefinition.retry("shop"), consequences))
                .singleElement()
                .extracting(retry -> failure(retry).code())
                .isEqualTo("UNCLASSIFIED");
    }

    @Test
    void aStoreThatIsAwayIsHeldForAndBurnsNoAttempt() throws Exception {
        var failures = new AtomicInteger();
        var hold = hold();
        var store = new ScriptedStore(batch -> {
            if (failures.incrementAndGet() <= 5) {
                throw new StoreUnavailableException("UNREACHABLE", "the store is away");
            }
            assertThat(hold.reason()).get().extracting(Hold.Reason::code).isEqualTo("UNREACHABLE");
        });

        List<ProducerRecord<String, byte[]>> consequences = step(store).take(people(300), hold);

        assertThat(store.asked())
                .as("the same batch, again and again")
                .hasSize(6)
                .allMatch(batch -> batch.size() == 300);
        assertThat(consequences).hasSize(300);
        assertThat(outcomes(consequences))
                .allSatisfy(outcome -> assertThat(outcome.attempt()).isEqualTo(1));
        assertThat(hold.reason()).as("it runs again").isEmpty();
    }

    @Test
    void aStoreThatGoesAwayWhileABatchIsTakenApartDoesNothingTwice() throws Exception {
        var calls = new AtomicInteger();
        var store = new ScriptedStore(batch -> {
            if (calls.incrementAndGet() % 2 == 0) {
                throw new StoreUnavailableException("UNREACHABLE", "the store is away");
            }
            if (has(batch, POISON)) {
                throw new StoreFailureException("CONSTRAINT");
            }
        });

        List<ProducerRecord<String, byte[]>> consequences = take(store, people(500));

        assertThat(store.erasures())
                .hasSize(499)
                .allSatisfy((person, times) -> assertThat(times).isEqualTo(1));
        assertThat(consequences).as("one each").hasSize(500);
    }

    @Test
    void whoeverWasRefusedComesBackAfterTheDelayAndKeepsOriginAttemptAndFirstFailure() throws Exception {
        ProducerRecord<String, byte[]> first = retryOf(take(refusing(), List.of(person("person-1"))));
        assertThat(first.key()).isEqualTo(keys.subjectKey(TENANT, "person-1").value());
        assertThat(text(first.headers(), "due-at"))
                .isEqualTo(Long.toString(now.plus(DELAY).toEpochMilli()));
        assertThat(text(first.headers(), "traceparent")).isEqualTo(TRACE);

        now = NOON.plus(Duration.ofHours(1));
        ProducerRecord<String, byte[]> second = retryOf(take(refusing(), List.of(asRead(first))));

        Failure failure = failure(second);
        assertThat(failure.origin()).isEqualTo(failure(first).origin());
        assertThat(failure.origin().topic()).isEqualTo("erasure.requests");
        assertThat(failure.attempt()).isEqualTo(2);
        assertThat(failure.firstFailedAt())
                .as("the age counts from the first failure")
                .isEqualTo(NOON);
        assertThat(second.value()).isEqualTo(first.value());
    }

    @Test
    void afterTheGreatestAgeItIsADeadLetterWithAFailedOutcome() throws Exception {
        ProducerRecord<String, byte[]> retry = retryOf(take(refusing(), List.of(person("person-1"))));
        now = NOON.plus(MAX_AGE).minusMillis(1);
        ProducerRecord<String, byte[]> last = retryOf(take(refusing(), List.of(asRead(retry))));
        now = NOON.plus(MAX_AGE);

        List<ProducerRecord<String, byte[]>> consequences = take(refusing(), List.of(asRead(last)));

        assertThat(to(TopicDefinition.retry("shop"), consequences)).isEmpty();
        ProducerRecord<String, byte[]> letter =
                to(TopicDefinition.DEAD_LETTERS, consequences).getFirst();
        assertThat(failure(letter).code()).isEqualTo("CONSTRAINT");
        assertThat(failure(letter).attempt()).isEqualTo(3);
        assertThat(failure(letter).firstFailedAt()).isEqualTo(NOON);
        assertThat(outcomes(consequences)).singleElement().satisfies(outcome -> {
            assertThat(letter.key()).isEqualTo(outcome.requestId() + "/shop");
            assertThat(outcome.status()).isEqualTo(Status.FAILED);
            assertThat(outcome.code()).isEqualTo("CONSTRAINT");
            assertThat(outcome.attempt()).isEqualTo(3);
        });
    }

    @Test
    void theCallersTraceIsOnWhateverComesOfItsRequest() throws Exception {
        ProducerRecord<String, byte[]> retry = retryOf(take(refusing(), List.of(person("person-1"))));
        List<ProducerRecord<String, byte[]>> done = take(willing(), List.of(asRead(retry)));
        now = NOON.plus(MAX_AGE);
        List<ProducerRecord<String, byte[]>> givenUp = take(refusing(), List.of(asRead(retry)));

        assertThat(Stream.of(List.of(retry), done, givenUp).flatMap(List::stream))
                .hasSize(4)
                .allSatisfy(record ->
                        assertThat(text(record.headers(), "traceparent")).isEqualTo(TRACE));
    }

    @Test
    void aRetryThatSucceedsSaysWhichAttemptItWas() throws Exception {
        ProducerRecord<String, byte[]> retry = retryOf(take(refusing(), List.of(person("person-1"))));

        List<ProducerRecord<String, byte[]>> consequences = take(willing(), List.of(asRead(retry)));

        assertThat(outcomes(consequences)).singleElement().satisfies(outcome -> {
            assertThat(outcome.status()).isEqualTo(Status.ERASED);
            assertThat(outcome.attempt()).isEqualTo(2);
        });
        assertThat(consequences).hasSize(1);
    }

    @Test
    void aPersonWithoutTheIdentifierThatTheStoreNeedsIsADeadLetterAtOnce() throws Exception {
        List<Entry> batch = new ArrayList<>(people(20));
        batch.add(entry(TopicDefinition.REQUESTS, request(subject("nameless", Map.of()))));

        List<ProducerRecord<String, byte[]>> consequences = take(willing(), batch);

        assertThat(to(TopicDefinition.retry("shop"), consequences)).isEmpty();
        assertThat(to(TopicDefinition.DEAD_LETTERS, consequences))
                .singleElement()
                .extracting(letter -> failure(letter).code())
                .isEqualTo("UNRESOLVED");
        assertThat(outcomes(consequences))
                .filteredOn(outcome -> outcome.status() == Status.FAILED)
                .singleElement()
                .extracting(Outcome::code)
                .isEqualTo("UNRESOLVED");
        assertThat(outcomes(consequences)).hasSize(21);
    }

    @Test
    void whatCannotBeReadIsADeadLetterAtOnceAndHoldsUpNobody() throws Exception {
        byte[] request = request(subject("person-1", Map.of("email", List.of("ann@one.example"))));
        String json = new String(request, UTF_8);
        List<Entry> batch = new ArrayList<>(people(10));
        batch.add(entry(TopicDefinition.REQUESTS, "no request".getBytes(UTF_8)));
        batch.add(entry(TopicDefinition.REQUESTS, null));
        batch.add(entry(
                TopicDefinition.REQUESTS,
                json.replace("\"version\":1", "\"version\":2").getBytes(UTF_8)));
        batch.add(entry(TopicDefinition.REQUESTS, sealedWith(Keys.create())));

        List<ProducerRecord<String, byte[]>> consequences = take(willing(), batch);

        assertThat(to(TopicDefinition.DEAD_LETTERS, consequences))
                .extracting(letter -> failure(letter).code())
                .containsExactly("UNDECODABLE", "UNDECODABLE", "UNKNOWN_VERSION", "UNSEALABLE");
        assertThat(to(TopicDefinition.DEAD_LETTERS, consequences))
                .extracting(ProducerRecord::key)
                .doesNotHaveDuplicates()
                .allMatch(key -> key.endsWith("/shop"));
        assertThat(to(TopicDefinition.DEAD_LETTERS, consequences))
                .as("none of them is a tombstone")
                .allMatch(letter -> letter.value() != null);
        assertThat(outcomes(consequences))
                .hasSize(10)
                .extracting(Outcome::status)
                .containsOnly(Status.ERASED);
    }

    @Test
    void headersWithoutAValueHoldUpNobody() throws Exception {
        Entry strange = person(POISON);
        for (String header : List.of("traceparent", "erasure-run", "__erasure.errors.topic", "due-at")) {
            strange.record().headers().remove(header).add(header, null);
        }

        List<ProducerRecord<String, byte[]>> refused = take(refusing(), List.of(strange));
        List<ProducerRecord<String, byte[]>> done = take(willing(), List.of(strange));

        assertThat(failure(retryOf(refused)).attempt()).isEqualTo(1);
        assertThat(outcomes(done)).singleElement().extracting(Outcome::status).isEqualTo(Status.ERASED);
    }

    @Test
    void severalRequestsForOnePersonAreErasedTogetherAndEachHasAnOutcome() throws Exception {
        var store = willing();

        List<ProducerRecord<String, byte[]>> consequences =
                take(store, List.of(person("person-1"), person("person-2"), person("person-1")));

        assertThat(store.asked())
                .singleElement()
                .satisfies(batch -> assertThat(batch).hasSize(2));
        assertThat(outcomes(consequences))
                .extracting(Outcome::requestId)
                .doesNotHaveDuplicates()
                .hasSize(3);
    }

    @Test
    void whatHappenedIsCounted() throws Exception {
        List<Entry> batch = new ArrayList<>(people(400));
        batch.add(entry(TopicDefinition.REQUESTS, request(subject("nameless", Map.of()))));
        var store = new ScriptedStore(asked -> {
            if (has(asked, POISON)) {
                throw new StoreFailureException("CONSTRAINT");
            }
        });

        take(store, batch);

        assertThat(count("lethe.erasure.outcomes", "status", "ERASED")).isEqualTo(399);
        assertThat(count("lethe.erasure.outcomes", "status", "FAILED")).isEqualTo(1);
        assertThat(count("lethe.erasure.items", "action", "DELETE")).isEqualTo(399);
        assertThat(count("lethe.erasure.retries", "code", "CONSTRAINT")).isEqualTo(1);
        assertThat(count("lethe.erasure.dead.letters", "code", "UNRESOLVED")).isEqualTo(1);
    }

    @Test
    void whatASweepErasesIsResidueAndWhatItCannotReadOthersHaveTold() throws Exception {
        Entry unreadable = entry(TopicDefinition.REQUESTS, "no request".getBytes(UTF_8));

        List<ProducerRecord<String, byte[]>> consequences =
                step(willing(), "sweep-1h").take(List.of(person("ann"), unreadable), hold());

        assertThat(consequences).hasSize(1);
        assertThat(outcomes(consequences)).singleElement().satisfies(outcome -> {
            assertThat(outcome.status()).isEqualTo(Status.RESIDUE_ERASED);
            assertThat(outcome.run()).isEqualTo("sweep-1h");
        });
    }

    @Test
    void whatHasToBeKeptIsLookedAtAgainByTheRunThatSettles() throws Exception {
        ErasureStore keeping = new ScriptedStore(batch -> {}) {
            @Override
            public List<StoreResult> erase(List<Subject> subjects) {
                return List.of(
                        new StoreResult.Settled(List.of(TargetOutcome.retained("invoices", 1, "tax law", NOON))));
            }
        };

        List<ProducerRecord<String, byte[]>> first = step(keeping).take(List.of(person("ann")), hold());
        ProducerRecord<String, byte[]> open =
                to(TopicDefinition.open("shop"), first).getFirst();
        List<ProducerRecord<String, byte[]>> second =
                step(keeping, Outcome.SETTLE).take(List.of(again(open), again(open)), hold());
        List<ProducerRecord<String, byte[]>> swept = step(keeping, "sweep-1h").take(List.of(person("ann")), hold());

        assertThat(outcomes(first)).extracting(Outcome::run).containsExactly(Outcome.ERASE);
        assertThat(outcomes(second)).extracting(Outcome::run).containsOnly(Outcome.SETTLE);
        assertThat(to(TopicDefinition.open("shop"), second))
                .as("of two copies of one request")
                .hasSize(1);
        assertThat(to(TopicDefinition.open("shop"), swept)).isEmpty();
    }

    private double count(String name, String tag, String value) {
        return registry.get(name).tag("store", "shop").tag(tag, value).counter().count();
    }

    private static ScriptedStore refusing() {
        return new ScriptedStore(batch -> {
            throw new StoreFailureException("CONSTRAINT");
        });
    }

    private static ScriptedStore willing() {
        return new ScriptedStore(batch -> {});
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T extends Throwable> void rethrow(Throwable thrown) throws T {
        throw (T) thrown;
    }

    private EraseStep step(ErasureStore store) {
        return step(store, Outcome.ERASE);
    }

    private EraseStep step(ErasureStore store, String run) {
        return new EraseStep(
                new Look("shop", "erasure.shop", run, true, MAKER),
                store,
                keys,
                new RetryConfig(DELAY, MAX_AGE),
                new ErasureMetrics(registry, "shop"),
                () -> now);
    }

    private List<ProducerRecord<String, byte[]>> take(ScriptedStore store, List<Entry> batch)
            throws InterruptedException {
        return step(store).take(batch, hold());
    }

    private static Hold hold() {
        return new Hold("shop", new Backoff(Duration.ofMillis(1), Duration.ofMillis(2)), InstantSource.system());
    }

    private List<Entry> people(int number) {
        return IntStream.range(0, number).mapToObj(i -> person("person-" + i)).toList();
    }

    private Entry person(String userId) {
        return entry(
                TopicDefinition.REQUESTS, request(subject(userId, Map.of("email", List.of(userId + "@one.example")))));
    }

    private Subject subject(String userId, Map<String, List<String>> identifiers) {
        return new Subject(keys.subjectKey(TENANT, userId), userId, TENANT, identifiers);
    }

    private byte[] sealedWith(Keys others) {
        var stranger = new Subject(others.subjectKey(TENANT, "stranger"), "stranger", TENANT, Map.of());
        UUID event = UUID.randomUUID();
        return Codec.encode(others.seal(event, NOON, NOON.plus(Duration.ofDays(30)), trigger(event), stranger));
    }

    private byte[] request(Subject subject) {
        UUID event = UUID.randomUUID();
        return Codec.encode(keys.seal(event, NOON, NOON.plus(Duration.ofDays(30)), trigger(event), subject));
    }

    private static Trigger trigger(UUID event) {
        return new Trigger("fusionauth", "user.delete", event, UUID.fromString(TENANT), NOON);
    }

    private Entry again(ProducerRecord<String, byte[]> written) {
        var record = new ConsumerRecord<>(written.topic(), 3, offset++, written.key(), written.value());
        written.headers().forEach(record.headers()::add);
        return Entry.outsideGroups(record);
    }

    private Entry entry(String topic, byte[] value) {
        String key = null;
        try {
            key = value == null
                    ? null
                    : Codec.decodeRequest(value).subject().key().value();
        } catch (UnreadableRecordException e) {
            // Nobody knows whose it is.
        }
        var record = new ConsumerRecord<>(topic, 3, offset++, key, value);
        record.headers().add("traceparent", TRACE.getBytes(UTF_8));
        return Entry.outsideGroups(record);
    }

    /** As the retry lane reads it. */
    private Entry asRead(ProducerRecord<String, byte[]> written) {
        return Entry.outsideGroups(new ConsumerRecord<>(
                written.topic(),
                0,
                offset++,
                now.toEpochMilli(),
                TimestampType.LOG_APPEND_TIME,
                written.key().length(),
                written.value().length,
                written.key(),
                written.value(),
                written.headers(),
                Optional.empty()));
    }

    private static boolean has(List<Subject> batch, String userId) {
        return batch.stream().anyMatch(subject -> subject.userId().equals(userId));
    }

    private static List<ProducerRecord<String, byte[]>> to(String topic, List<ProducerRecord<String, byte[]>> records) {
        return records.stream().filter(record -> record.topic().equals(topic)).toList();
    }

    private static ProducerRecord<String, byte[]> retryOf(List<ProducerRecord<String, byte[]>> consequences) {
        assertThat(consequences).hasSize(1);
        return to(TopicDefinition.retry("shop"), consequences).getFirst();
    }

    private static Failure failure(ProducerRecord<String, byte[]> record) {
        return Objects.requireNonNull(Failure.read(record.headers()));
    }

    private static String text(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        assertThat(header).as(name).isNotNull();
        return new String(header.value(), UTF_8);
    }

    private static List<Outcome> outcomes(List<ProducerRecord<String, byte[]>> consequences) throws Exception {
        var outcomes = new ArrayList<Outcome>();
        for (ProducerRecord<String, byte[]> record : to(TopicDefinition.OUTCOMES, consequences)) {
            outcomes.add(Codec.decodeOutcome(record.value()));
        }
        return outcomes;
    }
}
