package dev.lethe.ledger.opendsr;

import dev.lethe.events.Codec;
import dev.lethe.events.ErasureRequest;
import dev.lethe.events.EventRecords;
import dev.lethe.events.TopicDefinition;
import dev.lethe.events.UnreadableRecordException;
import dev.lethe.events.UnreadableRecordException.Reason;
import dev.lethe.ledger.journal.JournalEntry.Held;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/** A record of {@code erasure.held}: a request as it will be in the log, and in headers what there is to know until then. */
final class HeldRecord {
    private static final String CANCELLABLE = "cancellable";
    private static final String CALLBACKS = "callbacks";
    private static final Pattern FINGERPRINT = Pattern.compile("[A-Za-z0-9_-]{22}");

    private HeldRecord() {}

    /**
     * The request's id in Lethe: a controller's own id is known to it alone to be unique, and could be another's, or of an event. The same for the
     * same; of version 8 (RFC 9562).
     */
    static UUID requestId(String source, UUID subjectRequestId) {
        try {
            var hash = ByteBuffer.wrap(MessageDigest.getInstance("SHA-256")
                    .digest((source + "\n" + subjectRequestId).getBytes(StandardCharsets.UTF_8)));
            long most = (hash.getLong() & 0xffff_ffff_ffff_0fffL) | 0x8000L;
            long least = (hash.getLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
            return new UUID(most, least);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    static ProducerRecord<String, byte[]> of(ErasureRequest request, Duration cancellable, List<Callback> callbacks) {
        ProducerRecord<String, byte[]> record = EventRecords.request(TopicDefinition.HELD, request, null);
        put(record, CANCELLABLE, cancellable.toString());
        put(
                record,
                CALLBACKS,
                String.join(",", callbacks.stream().map(Callback::fingerprint).toList()));
        return record;
    }

    private static void put(ProducerRecord<String, byte[]> record, String name, String value) {
        record.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    /** @throws UnreadableRecordException if it is none */
    static ErasureRequest request(ConsumerRecord<String, byte[]> record) throws UnreadableRecordException {
        return Codec.decodeRequest(record.value());
    }

    /**
     * What is noted of one: its clear fields.
     *
     * @throws UnreadableRecordException if it is none
     */
    static Held held(ConsumerRecord<String, byte[]> record) throws UnreadableRecordException {
        ErasureRequest request = request(record);
        if (!Held.isSource(request.trigger().source())) {
            throw new UnreadableRecordException(Reason.UNDECODABLE);
        }
        Instant at = Instant.ofEpochMilli(record.timestamp());
        return new Held(
                request.requestId(),
                request.subject().key(),
                at,
                request.requestedAt(),
                request.dueBy(),
                request.trigger().source(),
                request.trigger().type(),
                request.trigger().eventId(),
                at.plus(cancellable(record)),
                callbacks(record));
    }

    private static Duration cancellable(ConsumerRecord<String, byte[]> record) throws UnreadableRecordException {
        try {
            return Duration.parse(header(record, CANCELLABLE));
        } catch (DateTimeException e) {
            throw new UnreadableRecordException(Reason.UNDECODABLE);
        }
    }

    /** Only fingerprints: what is noted is kept for good. */
    private static List<String> callbacks(ConsumerRecord<String, byte[]> record) {
        return List.of(header(record, CALLBACKS).split(",")).stream()
                .filter(text -> FINGERPRINT.matcher(text).matches())
                .toList();
    }

    private static String header(ConsumerRecord<String, byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }
}
