package dev.lethe.worker.replay;

import dev.lethe.events.Codec;
import dev.lethe.events.Outcome;
import dev.lethe.events.Outcome.Action;
import dev.lethe.events.Outcome.Status;
import dev.lethe.events.Outcome.TargetOutcome;
import dev.lethe.events.TopicDefinition;
import dev.lethe.events.UnreadableRecordException;
import dev.lethe.worker.deadletter.Failure;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What became of the requests of one store, summed up from the records that say so.
 *
 * @param requests how many were taken
 * @param erased how many of them found something
 * @param notFound how many found nothing
 * @param failed how many come back or are dead letters, by code
 * @param items what was found, by target
 */
public record Tally(long requests, long erased, long notFound, Map<String, Long> failed, Map<String, Long> items) {
    static final Tally NONE = new Tally(0, 0, 0, Map.of(), Map.of());

    public Tally {
        failed = Collections.unmodifiableMap(new TreeMap<>(failed));
        items = Collections.unmodifiableMap(new TreeMap<>(items));
    }

    /** This and a further batch. */
    Tally plus(int taken, List<ProducerRecord<String, byte[]>> consequences) {
        long found = erased;
        long nothing = notFound;
        var codes = new TreeMap<>(failed);
        var sums = new TreeMap<>(items);
        for (ProducerRecord<String, byte[]> record : consequences) {
            if (!record.topic().equals(TopicDefinition.OUTCOMES)) {
                Failure failure = Failure.read(record.headers());
                if (failure != null) {
                    codes.merge(failure.code(), 1L, Long::sum);
                }
                continue;
            }
            Outcome outcome = decode(record);
            if (outcome.status() == Status.NOT_FOUND) {
                nothing++;
            } else if (outcome.status() != Status.FAILED) {
                found++;
            }
            for (TargetOutcome target : outcome.targets()) {
                sums.merge(target.target(), target.action() == Action.RETAIN ? 0 : target.items(), Long::sum);
            }
        }
        return new Tally(requests + taken, found, nothing, codes, sums);
    }

    /** How many requests come back or are dead letters. */
    public long failures() {
        return failed.values().stream().mapToLong(Long::longValue).sum();
    }

    /** How many rows, keys, objects, … were found. */
    public long totalItems() {
        return items.values().stream().mapToLong(Long::longValue).sum();
    }

    private static Outcome decode(ProducerRecord<String, byte[]> record) {
        try {
            return Codec.decodeOutcome(record.value());
        } catch (UnreadableRecordException e) {
            throw new IllegalStateException("an outcome can be read by whoever wrote it", e);
        }
    }
}
