package dev.lethe.worker.lane;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A real producer whose records wait behind a gate, like those for a broker that is slow. */
final class GatedProducer extends KafkaProducer<String, byte[]> {
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private boolean open;

    GatedProducer(Map<String, Object> properties) {
        super(properties, new StringSerializer(), new ByteArraySerializer());
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<String, byte[]> record, Callback callback) {
        synchronized (waiting) {
            if (!open) {
                waiting.add(() -> super.send(record, callback));
                return new CompletableFuture<>();
            }
        }
        return super.send(record, callback);
    }

    int waiting() {
        synchronized (waiting) {
            return waiting.size();
        }
    }

    void open() {
        synchronized (waiting) {
            open = true;
            waiting.forEach(Runnable::run);
            waiting.clear();
        }
    }
}
