package dev.lethe.bench.rig;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The other limit of an ingress: the log alone, as many records in flight as there are connections. */
public final class PlainProducer implements AutoCloseable {
    private static final int PREPARED = 2000;

    private final Producer<String, byte[]> producer;
    private final List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
    private int next;

    public PlainProducer(Broker broker) {
        producer = broker.producer();
        var random = new SplittableRandom(7);
        for (int i = 0; i < PREPARED; i++) {
            records.add(broker.request(new UUID(random.nextLong(), random.nextLong()).toString()));
        }
    }

    /** Each that is acknowledged is followed by the next. */
    public Load.Result closedLoop(int inFlight, Duration length) {
        var load = new Load();
        long end = System.nanoTime() + length.toNanos();
        var done = new ArrayList<CompletableFuture<Void>>();
        for (int i = 0; i < inFlight; i++) {
            var finished = new CompletableFuture<Void>();
            done.add(finished);
            next(load, end, finished);
        }
        CompletableFuture.allOf(done.toArray(CompletableFuture[]::new)).join();
        return load.result();
    }

    private void next(Load load, long end, CompletableFuture<Void> finished) {
        long start = System.nanoTime();
        var unused = producer.send(taken(), (metadata, failure) -> {
            long now = System.nanoTime();
            synchronized (load) {
                load.answered(failure == null ? 200 : 503, now - start);
            }
            if (now < end) {
                next(load, end, finished);
            } else {
                finished.complete(null);
            }
        });
    }

    private synchronized ProducerRecord<String, byte[]> taken() {
        ProducerRecord<String, byte[]> record = records.get(next);
        next = (next + 1) % records.size();
        // A record's headers are closed once it is sent.
        return new ProducerRecord<>(record.topic(), null, record.key(), record.value(), record.headers());
    }

    @Override
    public void close() {
        producer.close();
    }
}
