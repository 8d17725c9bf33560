package dev.lethe.worker.confirm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lethe.events.Codec;
import dev.lethe.events.EventRecords;
import dev.lethe.events.Keys;
import dev.lethe.events.Outcome;
import dev.lethe.events.Subject;
import dev.lethe.events.TopicDefinition;
import dev.lethe.events.Trigger;
import dev.lethe.worker.deadletter.Failure;
import dev.lethe.worker.identity.IdentityProvider;
import dev.lethe.worker.identity.ProviderUnavailableException;
import dev.lethe.worker.identity.ProviderUser;
import dev.lethe.worker.lane.Backoff;
import dev.lethe.worker.lane.Entry;
import dev.lethe.worker.lane.Hold;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

/** The step alone: what it asks of a provider, and what it has the lane publish. */
class ConfirmStepTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final UUID TENANT = UUID.fromString("30663132-6464-6665-3032-326466613934");
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static final int MOST_AGAIN = 2;

    private final Keys keys = Keys.create();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Provider provider = new Provider();
    private final Hold hold =
            new Hold("confirm", new Backoff(Duration.ofMillis(1), Duration.ofMillis(2)), InstantSource.fixed(NOON));
    private final ConfirmStep step = new ConfirmStep(
            provider,
            keys,
            new ConfirmConfig("scripted", () -> provider, Duration.ofSeconds(30), Duration.ofSeconds(30), MOST_AGAIN),
            new ConfirmMetrics(registry),
            InstantSource.fixed(NOON));
    private long offset;

    /** Knows who exists, and whom its list still names. */
    private static final class Provider implements IdentityProvider {
        private final Set<String> existing = new HashSet<>();
        private final Set<String> listed = new HashSet<>();
        private final List<Integer> batches = new ArrayList<>();
        private int failures;

        @Override
        public Set<ProviderUser> gone(Collection<ProviderUser> users, Proof proof) throws ProviderUnavailableException {
            if (failures > 0) {
                failures--;
                throw new ProviderUnavailableException("UNREACHABLE", "nobody there");
            }
            batches.add(users.size());
            return users.stream()
                    .filter(user ->
                            !existing.contains(user.id()) && (proof == Proof.EXACT || !listed.contains(user.id())))
                    .collect(Collectors.toSet());
        }

        @Override
        public void check() {}

        @Override
        public void close() {}
    }

    @Test
    void whoIsGoneBecomesTheVeryRequestThatWasAnnounced() throws Exception {
        Entry intent = intent("gone");

        List<ProducerRecord<String, byte[]>> consequences = step.take(List.of(intent), hold);

        assertThat(consequences).hasSize(1);
        ProducerRecord<String, byte[]> request = consequences.getFirst();
        assertThat(request.topic()).isEqualTo(TopicDefinition.REQUESTS);
        assertThat(request.key()).isEqualTo(intent.record().key());
        assertThat(request.value()).isEqualTo(intent.record().value());
        assertThat(headers(request.headers())).isEqualTo(headers(intent.record().headers()));
        assertThat(count("GONE")).isEqualTo(1);
    }

    @Test
    void whoIsStillThereIsAskedForAgainAndAtLastCountsAsWithdrawn() throws Exception {
        provider.existing.add("here");
        Entry intent = intent("here");

        for (int asked = 1; asked <= MOST_AGAIN; asked++) {
            ProducerRecord<String, byte[]> retry = only(step.take(List.of(intent), hold));
            assertThat(retry.topic()).isEqualTo("erasure.retry.confirm");
            assertThat(retry.key()).isEqualTo(intent.record().key());
            assertThat(text(retry.headers(), "due-at"))
                    .isEqualTo(Long.toString(NOON.plusSeconds(30).toEpochMilli()));
            intent = asRead(retry);
        }
        ProducerRecord<String, byte[]> last = only(step.take(List.of(intent), hold));

        assertThat(last.topic()).isEqualTo(TopicDefinition.OUTCOMES);
        Outcome outcome = Codec.decodeOutcome(last.value());
        assertThat(outcome.status()).isEqualTo(Outcome.Status.WITHDRAWN);
        assertThat(outcome.attempt()).isEqualTo(MOST_AGAIN + 1);
        assertThat(outcome.targets()).isEmpty();
        assertThat(last.key()).isEqualTo(outcome.requestId() + "/confirm/confirm");
        assertThat(text(last.headers(), EventRecords.TRACEPARENT)).isEqualTo(TRACE);
        assertThat(count("STILL_THERE")).isEqualTo(MOST_AGAIN);
        assertThat(count("WITHDRAWN")).isEqualTo(1);
    }

    @Test
    void whoIsGoneWhenAskedAgainBecomesTheSameRequest() throws Exception {
        provider.existing.add("slow");
        Entry intent = intent("slow");
        ProducerRecord<String, byte[]> retry = only(step.take(List.of(intent), hold));
        provider.existing.clear();

        ProducerRecord<String, byte[]> request = only(step.take(List.of(asRead(retry)), hold));

        assertThat(request.topic()).isEqualTo(TopicDefinition.REQUESTS);
        assertThat(request.value()).isEqualTo(intent.record().value());
        assertThat(headers(request.headers()))
                .as("nothing is left of the attempts: stores count their own")
                .isEqualTo(headers(intent.record().headers()));
    }

    @Test
    void nobodyIsWithdrawnBecauseAListStillNamesThem() throws Exception {
        provider.listed.add("gone");
        Entry intent = intent("gone");
        for (int asked = 1; asked <= MOST_AGAIN; asked++) {
            intent = asRead(only(step.take(List.of(intent), hold)));
        }

        assertThat(only(step.take(List.of(intent), hold)).topic()).isEqualTo(TopicDefinition.REQUESTS);
    }

    @Test
    void aBatchIsOneQuestionAndEachGetsItsOwnAnswer() throws Exception {
        List<Entry> batch = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            batch.add(intent("person-" + i));
            if (i % 2 == 0) {
                provider.existing.add("person-" + i);
            }
        }

        List<ProducerRecord<String, byte[]>> consequences = step.take(batch, hold);

        assertThat(provider.batches).containsExactly(500);
        assertThat(consequences).hasSize(500);
        for (int i = 0; i < 500; i++) {
            assertThat(consequences.get(i).topic())
                    .isEqualTo(i % 2 == 0 ? "erasure.retry.confirm" : TopicDefinition.REQUESTS);
            assertThat(consequences.get(i).key())
                    .isEqualTo(batch.get(i).record().key());
        }
    }

    @Test
    void anEventThatWasSentSeveralTimesIsOneRequest() throws Exception {
        Entry once = intent("gone");
        Entry again = entry(
                TopicDefinition.INTENTS, once.record().key(), once.record().value());

        assertThat(step.take(List.of(once, again), hold)).hasSize(1);
        provider.existing.add("gone");
        assertThat(step.take(List.of(once, again), hold)).hasSize(1);
    }

    @Test
    void aProviderThatCannotAnswerIsAskedUntilItCan() throws Exception {
        provider.failures = 3;

        assertThat(step.take(List.of(intent("gone")), hold)).hasSize(1);
        assertThat(provider.failures).isZero();
        assertThat(hold.reason()).as("the lane runs again").isEmpty();
    }

    @Test
    void aLaneThatStopsWhileTheProviderIsAwayPublishesNothing() {
        provider.failures = Integer.MAX_VALUE;
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> step.take(List.of(intent("gone")), hold)).isInstanceOf(InterruptedException.class);
    }

    @Test
    void whatCannotBeReadIsADeadLetterThatComesBackToBeAsked() throws Exception {
        Entry unreadable = entry(TopicDefinition.INTENTS, "key", "{}".getBytes(UTF_8));
        Entry tombstone = entry(TopicDefinition.INTENTS, "key", null);
        Keys others = Keys.create();
        Entry sealed = intent("gone", others);

        List<ProducerRecord<String, byte[]>> consequences =
                step.take(List.of(unreadable, tombstone, sealed, intent("gone")), hold);

        assertThat(consequences)
                .extracting(ProducerRecord::topic)
                .containsExactly(
                        TopicDefinition.DEAD_LETTERS,
                        TopicDefinition.DEAD_LETTERS,
                        TopicDefinition.DEAD_LETTERS,
                        TopicDefinition.REQUESTS);
        Failure failure =
                Objects.requireNonNull(Failure.read(consequences.get(2).headers()));
        assertThat(failure.store()).isEqualTo("confirm");
        assertThat(failure.group()).isEqualTo("erasure.confirm");
        assertThat(failure.code()).isEqualTo("UNSEALABLE");
    }

    @Test
    void aRedrivenDeadLetterIsClosedOnceItIsAsked() throws Exception {
        ProducerRecord<String, byte[]> deadLetter = only(step.take(List.of(intent("gone", Keys.create())), hold));
        Entry readable = intent("gone");
        var repaired = new ProducerRecord<>(
                deadLetter.topic(), null, deadLetter.key(), readable.record().value(), deadLetter.headers());
        Failure failure = Objects.requireNonNull(Failure.read(deadLetter.headers()));
        ProducerRecord<String, byte[]> redriven =
                failure.redrive(asRead(repaired).record(), keys.subjectKey(TENANT.toString(), "gone"), NOON, NOON);

        List<ProducerRecord<String, byte[]>> consequences = step.take(List.of(asRead(redriven)), hold);

        assertThat(redriven.topic()).isEqualTo("erasure.retry.confirm");
        assertThat(consequences)
                .extracting(ProducerRecord::topic)
                .containsExactly(TopicDefinition.REQUESTS, TopicDefinition.DEAD_LETTERS);
        assertThat(headers(consequences.getFirst().headers()))
                .isEqualTo(headers(readable.record().headers()));
        assertThat(consequences.getLast().key()).isEqualTo(deadLetter.key());
        assertThat(consequences.getLast().value()).isNull();
    }

    private double count(String answer) {
        return registry.get("lethe.confirm.answers")
                .tag("answer", answer)
                .counter()
                .count();
    }

    private Entry intent(String userId) {
        return intent(userId, keys);
    }

    private Entry intent(String userId, Keys sealing) {
        UUID event = UUID.randomUUID();
        var subject = new Subject(sealing.subjectKey(TENANT.toString(), userId), userId, TENANT.toString(), Map.of());
        var trigger = new Trigger("fusionauth", "user.delete", event, TENANT, NOON);
        ProducerRecord<String, byte[]> written = EventRecords.request(
                TopicDefinition.INTENTS,
                sealing.seal(event, NOON, NOON.plus(Duration.ofDays(30)), trigger, subject),
                TRACE);
        return asRead(written);
    }

    private Entry entry(String topic, String key, byte[] value) {
        return asRead(new ProducerRecord<>(topic, key, value));
    }

    private Entry asRead(ProducerRecord<String, byte[]> written) {
        return Entry.outsideGroups(new ConsumerRecord<>(
                written.topic(),
                0,
                offset++,
                NOON.toEpochMilli(),
                TimestampType.LOG_APPEND_TIME,
                0,
                0,
                written.key(),
                written.value(),
                written.headers(),
                Optional.empty()));
    }

    private static ProducerRecord<String, byte[]> only(List<ProducerRecord<String, byte[]>> consequences) {
        assertThat(consequences).hasSize(1);
        return consequences.getFirst();
    }

    private static Map<String, String> headers(Headers headers) {
        return StreamSupport.stream(headers.spliterator(), false)
                .filter(header ->
                        !header.key().startsWith("ce_id") && !header.key().startsWith("ce_time"))
                .collect(Collectors.toMap(Header::key, header -> new String(header.value(), UTF_8)));
    }

    private static String text(Headers headers, String name) {
        return new String(headers.lastHeader(name).value(), UTF_8);
    }
}
