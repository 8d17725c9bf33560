package dev.lethe.ledger.app;

import dev.lethe.worker.lane.LaneConsumers;
import java.util.Collection;
import java.util.Properties;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Makes consumers that go on where the database is, whatever the group has committed: a database that is new, or from a backup, is
 * brought up to date by that alone.
 */
final class JournalConsumers implements Supplier<Consumer<String, byte[]>> {
    private static final int FETCH_BYTES = 16 << 20;

    private final LaneConsumers consumers;
    private final LongSupplier position;

    /** @param position the offset at which the database wants to go on; throws while it does not answer */
    JournalConsumers(LaneConsumers consumers, LongSupplier position) {
        this.consumers = consumers;
        this.position = position;
    }

    @Override
    public Consumer<String, byte[]> get() {
        return new SeekingConsumer();
    }

    /** What Kafka fetches of one partition by default is less than a batch takes, and the fewer batches, the fewer rows are written twice. */
    private static Properties withFullBatches(Properties properties) {
        properties.putIfAbsent("max.partition.fetch.bytes", FETCH_BYTES);
        return properties;
    }

    private final class SeekingConsumer extends KafkaConsumer<String, byte[]> {
        SeekingConsumer() {
            super(withFullBatches(consumers.properties()), new StringDeserializer(), new ByteArrayDeserializer());
        }

        @Override
        public void subscribe(Collection<String> topics, ConsumerRebalanceListener listener) {
            super.subscribe(topics, new Seeking(listener));
        }

        private final class Seeking implements ConsumerRebalanceListener {
            private final ConsumerRebalanceListener listener;

            Seeking(ConsumerRebalanceListener listener) {
                this.listener = listener;
            }

            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                listener.onPartitionsAssigned(partitions);
                partitions.forEach(partition -> seek(partition, position.getAsLong()));
            }

            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                listener.onPartitionsRevoked(partitions);
            }

            @Override
            public void onPartitionsLost(Collection<TopicPartition> partitions) {
                listener.onPartitionsLost(partitions);
            }
        }
    }
}
