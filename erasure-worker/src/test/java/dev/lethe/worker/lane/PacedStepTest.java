package dev.lethe.worker.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class PacedStepTest {
    private final List<Integer> taken = Collections.synchronizedList(new ArrayList<>());
    private final Step step = (batch, hold) -> {
        taken.add(batch.size());
        return List.of();
    };
    private final Hold hold = new Hold("shop", Backoff.DEFAULT, InstantSource.system());

    @Test
    void noMoreThanSoManyRecordsAreTakenInASecond() throws Exception {
        Step paced = PacedStep.pacing(100).apply(step);
        long start = System.nanoTime();

        for (int i = 0; i < 6; i++) {
            paced.take(batch(50), hold);
        }

        assertThat(taken).containsOnly(50).hasSize(6);
        // What a second may take is there at once; the other two hundred take two seconds.
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(1900));
    }

    @Test
    void severalLanesOfAStoreShareThePace() throws Exception {
        Step paced = PacedStep.pacing(100).apply(step);
        long start = System.nanoTime();
        var lanes = IntStream.range(0, 3)
                .mapToObj(i -> Thread.ofPlatform().start(() -> {
                    try {
                        paced.take(batch(100), hold);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }))
                .toList();

        for (Thread lane : lanes) {
            lane.join();
        }

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(1900));
    }

    private static List<Entry> batch(int size) {
        return IntStream.range(0, size)
                .mapToObj(i -> Entry.outsideGroups(new ConsumerRecord<>("topic", 0, i, "key", new byte[] {1})))
                .toList();
    }
}
