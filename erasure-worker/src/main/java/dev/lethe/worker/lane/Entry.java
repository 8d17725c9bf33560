package dev.lethe.worker.lane;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** One record of a batch. */
public final class Entry {
    private final ConsumerRecord<String, byte[]> record;
    private final Tenure tenure;

    Entry(ConsumerRecord<String, byte[]> record, Tenure tenure) {
        this.record = record;
        this.tenure = tenure;
    }

    /** A record that was read outside any group, beside the lanes: no other worker can take it over. */
    public static Entry outsideGroups(ConsumerRecord<String, byte[]> record) {
        return new Entry(record, new Tenure(new TopicPartition(record.topic(), record.partition())));
    }

    /** The record itself; its value can be null, where somebody wrote a tombstone. */
    public ConsumerRecord<String, byte[]> record() {
        return record;
    }

    /** Whether another worker has the record's partition by now, and will work it off. */
    public boolean isLost() {
        return tenure.isLost();
    }

    Tenure tenure() {
        return tenure;
    }
}
