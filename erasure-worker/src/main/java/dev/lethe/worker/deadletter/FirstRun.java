package dev.lethe.worker.deadletter;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * The run in which a record first failed, as a header that its retries and its dead letter keep: whichever lane takes it up
 * again, its outcome is that run's, and replaces no other run's.
 */
public final class FirstRun {
    private static final String RUN = "erasure-run";

    private FirstRun() {}

    /** @param present the run that has just taken the record, which is its first if it has never failed */
    public static String of(Headers headers, String present) {
        Header run = headers.lastHeader(RUN);
        return run == null || run.value() == null ? present : new String(run.value(), StandardCharsets.UTF_8);
    }

    /** The record, which has the headers of the one that failed, with the run. */
    public static ProducerRecord<String, byte[]> keep(ProducerRecord<String, byte[]> record, String present) {
        String run = of(record.headers(), present);
        record.headers().remove(RUN).add(RUN, run.getBytes(StandardCharsets.UTF_8));
        return record;
    }

    /** The record without it, as for one that has never failed. */
    static ProducerRecord<String, byte[]> forget(ProducerRecord<String, byte[]> record) {
        record.headers().remove(RUN);
        return record;
    }
}
