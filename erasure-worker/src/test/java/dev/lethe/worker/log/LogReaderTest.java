package dev.lethe.worker.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

/** On Kafka's own stand-in for a consumer; {@code ReplayIT} reads from a real broker. */
class LogReaderTest {
    private static final String TOPIC = "log";
    private static final TopicPartition ZERO = new TopicPartition(TOPIC, 0);
    private static final TopicPartition ONE = new TopicPartition(TOPIC, 1);
    private static final Instant SINCE = Instant.ofEpochMilli(100);

    private final MockConsumer<String, byte[]> consumer = new MockConsumer<>("none");

    @Test
    void theOldestRecordOfAllPartitionsComesFirst() {
        LogReader reader = reader(
                List.of(record(0, 5, 110), record(0, 6, 140), record(1, 2, 120), record(1, 3, 130)), everything());

        assertThat(timestamps(readAll(reader, 10))).containsExactly(110L, 120L, 130L, 140L);
        assertThat(reader.isOver()).isTrue();
        assertThat(reader.read()).isEqualTo(reader.size()).isEqualTo(4);
    }

    @Test
    void itGoesOnFromTheOldestRecordThatWasNotHandedOut() {
        LogReader reader = reader(
                List.of(record(0, 5, 110), record(0, 6, 140), record(1, 2, 120), record(1, 3, 130)), everything());
        assertThat(reader.reached()).isEqualTo(SINCE);

        read(reader, 1);
        assertThat(reader.reached()).isEqualTo(Instant.ofEpochMilli(120));
        read(reader, 2);
        assertThat(reader.reached()).isEqualTo(Instant.ofEpochMilli(140));
        assertThat(reader.read()).isEqualTo(3);
    }

    @Test
    void whatIsNotWantedIsReadOver() {
        LogReader reader = reader(
                List.of(record(0, 5, 110), record(0, 6, 140), record(1, 2, 120), record(1, 3, 130)),
                record -> record.timestamp() == 130);

        assertThat(timestamps(readAll(reader, 10))).containsExactly(130L);
        assertThat(reader.read()).isEqualTo(4);
    }

    @Test
    void whatIsWrittenBehindTheSpanIsNotRead() {
        LogReader reader = reader(
                List.of(record(0, 5, 110), record(0, 6, 140), record(0, 7, 150), record(1, 2, 120), record(1, 3, 130)),
                everything());

        assertThat(timestamps(readAll(reader, 10))).containsExactly(110L, 120L, 130L, 140L);
    }

    @Test
    void anEmptySpanIsOverAtOnce() {
        var reader = new LogReader(consumer, new LogSpan(Map.of(), false), SINCE, everything());

        assertThat(reader.isOver()).isTrue();
        assertThat(reader.next(10)).isEmpty();
    }

    /** Partition 0 from offset 5 to 7, partition 1 from 2 to 4. */
    private LogReader reader(
            List<ConsumerRecord<String, byte[]>> records, Predicate<ConsumerRecord<String, byte[]>> wanted) {
        consumer.updateBeginningOffsets(Map.of(ZERO, 0L, ONE, 0L));
        consumer.schedulePollTask(() -> records.forEach(consumer::addRecord));
        var span = new LogSpan(Map.of(ZERO, new LogSpan.Range(5, 7), ONE, new LogSpan.Range(2, 4)), false);
        return new LogReader(consumer, span, SINCE, wanted);
    }

    /** Asks until there are so many. */
    private static List<ConsumerRecord<String, byte[]>> read(LogReader reader, int number) {
        var all = new ArrayList<ConsumerRecord<String, byte[]>>();
        while (all.size() < number) {
            all.addAll(reader.next(number - all.size()));
        }
        return all;
    }

    private static List<ConsumerRecord<String, byte[]>> readAll(LogReader reader, int batch) {
        var all = new ArrayList<ConsumerRecord<String, byte[]>>();
        while (!reader.isOver()) {
            all.addAll(reader.next(batch));
        }
        return all;
    }

    private static List<Long> timestamps(List<ConsumerRecord<String, byte[]>> records) {
        return records.stream().map(ConsumerRecord::timestamp).toList();
    }

    private static Predicate<ConsumerRecord<String, byte[]>> everything() {
        return record -> true;
    }

    private static ConsumerRecord<String, byte[]> record(int partition, long offset, long timestamp) {
        return new ConsumerRecord<>(
                TOPIC,
                partition,
                offset,
                timestamp,
                TimestampType.LOG_APPEND_TIME,
                3,
                5,
                "key",
                "value".getBytes(StandardCharsets.UTF_8),
                new RecordHeaders(),
                Optional.empty());
    }
}
