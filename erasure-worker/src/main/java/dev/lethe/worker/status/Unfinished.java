package dev.lethe.worker.status;

import dev.lethe.events.Codec;
import dev.lethe.events.ErasureRequest;
import dev.lethe.events.UnreadableRecordException;
import dev.lethe.worker.status.LaneHealth.Oldest;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** What a look at unfinished records tells: which has waited longest, and which are due. Reads clear fields alone. */
final class Unfinished {
    private final Instant now;
    private @Nullable Oldest oldest;
    private @Nullable Instant written;
    private long dueSoon;
    private long overdue;

    Unfinished(Instant now) {
        this.now = now;
    }

    /** Takes one in, and says whether it is due soon or overdue. */
    boolean add(ConsumerRecord<String, byte[]> record) {
        Instant at = Instant.ofEpochMilli(record.timestamp());
        if (written == null || at.isBefore(written)) {
            written = at;
        }
        ErasureRequest request = requestOf(record);
        Instant requestedAt = request == null ? at : request.requestedAt();
        if (oldest == null || requestedAt.isBefore(oldest.requestedAt())) {
            oldest = new Oldest(
                    request == null ? null : request.requestId(),
                    requestedAt,
                    Math.max(0, Duration.between(requestedAt, now).toSeconds()));
        }
        return request != null && count(request);
    }

    /** Counts one whose age is of no interest, and says the same. */
    boolean count(ErasureRequest request) {
        if (request.dueBy().isBefore(now)) {
            overdue++;
            return true;
        }
        if (request.dueBy().isBefore(now.plus(LaneSurvey.SOON))) {
            dueSoon++;
            return true;
        }
        return false;
    }

    @Nullable
    Oldest oldest() {
        return oldest;
    }

    /** When the first of the records was written; null if there is none. */
    @Nullable
    Instant written() {
        return written;
    }

    long dueSoon() {
        return dueSoon;
    }

    long overdue() {
        return overdue;
    }

    private static @Nullable ErasureRequest requestOf(ConsumerRecord<String, byte[]> record) {
        try {
            return Codec.decodeRequest(record.value());
        } catch (UnreadableRecordException e) {
            return null;
        }
    }
}
