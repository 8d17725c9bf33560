package dev.lethe.worker.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lethe.events.SubjectKey;
import dev.lethe.events.TopicDefinition;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailureTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final SubjectKey SUBJECT = new SubjectKey("abcdefghijklmnopqrstuv");

    private final ConsumerRecord<String, byte[]> request =
            record("erasure.requests", 7, "key", new byte[] {1}, new RecordHeaders());

    @Test
    void aRedrivenDeadLetterKeepsItsOriginAndCountsAsFailingFromThenOn() {
        Failure failed = Failure.of(request, "erasure.shop", "shop", "RAISED", NOON);
        ConsumerRecord<String, byte[]> letter = asRead(failed.deadLetter(request, "r-1"));
        Instant later = NOON.plus(Duration.ofDays(4));

        ProducerRecord<String, byte[]> retry = failed.redrive(letter, SUBJECT, later, later.plusSeconds(300));

        assertThat(retry.topic()).isEqualTo("erasure.retry.shop");
        assertThat(retry.key()).isEqualTo(SUBJECT.value());
        assertThat(retry.value()).isEqualTo(request.value());
        assertThat(Failure.read(retry.headers()))
                .isEqualTo(new Failure(failed.origin(), "erasure.shop", "shop", 1, later, "RAISED", "r-1/shop"));
    }

    @Test
    void whatItWasRedrivenFromSurvivesFurtherRetriesAndEndsWithTheNextDeadLetter() {
        ConsumerRecord<String, byte[]> redriven = redriven("r-1");

        Failure again = Failure.of(redriven, "erasure.shop.retry", "shop", "TIMEOUT", NOON.plusSeconds(9));

        assertThat(again.attempt()).isEqualTo(2);
        assertThat(headers(again.retry(redriven, NOON)).redriven()).isEqualTo("r-1/shop");
        assertThat(headers(again.deadLetter(redriven, "r-1")).redriven()).isNull();
    }

    @Test
    void whatIsDoneClosesTheDeadLetterThatItWasRedrivenFrom() {
        Optional<ProducerRecord<String, byte[]>> closing = Failure.closing(redriven("r-1"), null);

        assertThat(closing).hasValueSatisfying(tombstone -> {
            assertThat(tombstone.topic()).isEqualTo(TopicDefinition.DEAD_LETTERS);
            assertThat(tombstone.key()).isEqualTo("r-1/shop");
            assertThat(tombstone.value()).isNull();
        });
    }

    @Test
    void whatIsGivenUpAgainClosesItOnlyIfItStandsUnderAnotherKey() {
        assertThat(Failure.closing(redriven("r-1"), "r-1/shop")).isEmpty();
        assertThat(Failure.closing(redriven("r-1"), "erasure.requests-0-7/shop"))
                .hasValueSatisfying(tombstone -> assertThat(tombstone.key()).isEqualTo("r-1/shop"));
    }

    @Test
    void forAnotherTopicARecordIsAsItWasBeforeItEverFailed() {
        ConsumerRecord<String, byte[]> retried = asRead(FirstRun.keep(
                Failure.of(request, "erasure.shop", "shop", "RAISED", NOON).retry(request, NOON), "confirm"));

        ProducerRecord<String, byte[]> forgotten = Failure.forgotten(retried, TopicDefinition.REQUESTS);

        assertThat(forgotten.topic()).isEqualTo(TopicDefinition.REQUESTS);
        assertThat(forgotten.key()).isEqualTo(request.key());
        assertThat(forgotten.value()).isEqualTo(request.value());
        assertThat(forgotten.headers()).isEqualTo(request.headers());
    }

    @Test
    void whatWasNeverRedrivenClosesNothing() {
        ConsumerRecord<String, byte[]> retried = asRead(
                Failure.of(request, "erasure.shop", "shop", "RAISED", NOON).retry(request, NOON));

        assertThat(Failure.closing(request, null)).isEmpty();
        assertThat(Failure.closing(retried, null)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-5", "2147483647", "99999999999", "many", ""})
    void aRecordWhoseAttemptIsNonsenseCountsAsNeverTried(String attempt) {
        ConsumerRecord<String, byte[]> retried = asRead(
                Failure.of(request, "erasure.shop", "shop", "RAISED", NOON).retry(request, NOON));
        retried.headers().add("__erasure.errors.attempt", attempt.getBytes(UTF_8));

        assertThat(Failure.attemptOf(retried)).isEqualTo(1);
    }

    @Test
    void aRecordWhoseHeadersHaveNoValueCountsAsNeverTried() {
        ConsumerRecord<String, byte[]> retried = asRead(
                Failure.of(request, "erasure.shop", "shop", "RAISED", NOON).retry(request, NOON));
        retried.headers().add("__erasure.errors.topic", null).add("erasure-run", null);

        assertThat(Failure.attemptOf(retried)).isEqualTo(1);
        assertThat(FirstRun.of(retried.headers(), "erase")).isEqualTo("erase");
    }

    private ConsumerRecord<String, byte[]> redriven(String requestId) {
        Failure failed = Failure.of(request, "erasure.shop", "shop", "RAISED", NOON);
        ConsumerRecord<String, byte[]> letter = asRead(failed.deadLetter(request, requestId));
        return asRead(failed.redrive(letter, SUBJECT, NOON, NOON));
    }

    private static Failure headers(ProducerRecord<String, byte[]> record) {
        return Failure.read(record.headers());
    }

    private static ConsumerRecord<String, byte[]> asRead(ProducerRecord<String, byte[]> written) {
        return record(written.topic(), 0, written.key(), written.value(), written.headers());
    }

    private static ConsumerRecord<String, byte[]> record(
            String topic, long offset, String key, byte[] value, Headers headers) {
        return new ConsumerRecord<>(
                topic,
                0,
                offset,
                NOON.toEpochMilli(),
                TimestampType.LOG_APPEND_TIME,
                key.length(),
                value.length,
                key,
                value,
                headers,
                Optional.empty());
    }
}
