package dev.lethe.worker.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class FirstRunTest {
    private final ProducerRecord<String, byte[]> record = new ProducerRecord<>("topic", "key", new byte[0]);

    @Test
    void aRecordThatHasNeverFailedIsOfThePresentRun() {
        assertThat(FirstRun.of(record.headers(), "erase")).isEqualTo("erase");
    }

    @Test
    void aRecordThatFailedStaysInItsFirstRun() {
        FirstRun.keep(record, "replay-1");
        FirstRun.keep(record, "erase");

        assertThat(FirstRun.of(record.headers(), "erase")).isEqualTo("replay-1");
        assertThat(record.headers().toArray()).hasSize(1);
    }
}
