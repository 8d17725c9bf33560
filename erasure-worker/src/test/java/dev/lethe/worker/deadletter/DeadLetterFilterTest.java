package dev.lethe.worker.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class DeadLetterFilterTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final DeadLetter LETTER = letter("shop", "RAISED", NOON.minus(Duration.ofHours(5)));

    @Test
    void withoutCriteriaEverythingMatches() {
        assertThat(new DeadLetterFilter(null, null, null).matches(LETTER, NOON)).isTrue();
    }

    @Test
    void theStoreMatchesExactly() {
        assertThat(new DeadLetterFilter("shop", null, null).matches(LETTER, NOON))
                .isTrue();
        assertThat(new DeadLetterFilter("shop-2", null, null).matches(LETTER, NOON))
                .isFalse();
    }

    @Test
    void theCodeMatchesInWhateverCase() {
        assertThat(new DeadLetterFilter(null, "raised", null).matches(LETTER, NOON))
                .isTrue();
        assertThat(new DeadLetterFilter(null, "TIMEOUT", null).matches(LETTER, NOON))
                .isFalse();
    }

    @Test
    void theAgeCountsFromTheFirstFailure() {
        assertThat(new DeadLetterFilter(null, null, Duration.ofHours(4)).matches(LETTER, NOON))
                .isTrue();
        assertThat(new DeadLetterFilter(null, null, Duration.ofHours(5)).matches(LETTER, NOON))
                .isFalse();
    }

    @Test
    void allCriteriaHaveToMatch() {
        assertThat(new DeadLetterFilter("shop", "RAISED", Duration.ofHours(6)).matches(LETTER, NOON))
                .isFalse();
    }

    @Test
    void whatLetheDidNotWriteIsThereAllTheSame() {
        var strange = DeadLetter.of(new ConsumerRecord<>("erasure.dead-letters", 0, 0, "x/shop", new byte[] {1}));

        assertThat(strange.code()).isEqualTo("UNKNOWN");
        assertThat(new DeadLetterFilter("shop", "UNKNOWN", null).matches(strange, NOON))
                .isTrue();
    }

    private static DeadLetter letter(String store, String code, Instant firstFailedAt) {
        var request = new ConsumerRecord<>("erasure.requests", 0, 7, "key", new byte[] {1});
        ProducerRecord<String, byte[]> written = Failure.of(request, "erasure." + store, store, code, firstFailedAt)
                .deadLetter(request, "r-1");
        var read = new ConsumerRecord<>(written.topic(), 0, 0, written.key(), written.value());
        written.headers().forEach(read.headers()::add);
        return DeadLetter.of(read);
    }
}
