package dev.lethe.quickstart.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lethe.ingress.Ingress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code DELETE /api/user/bulk}: as many events as FusionAuth sends at most, one after the other on a few connections. */
@Tag("thorough")
@Tag("alone")
class BurstIT {
    private static final Logger log = LoggerFactory.getLogger(BurstIT.class);
    private static final int EVENTS = 10_000;
    private static final int CONNECTIONS = 64;

    @TempDir
    Path folder;

    @Test
    void tenThousandEventsAreAllAcceptedAndAllInTheLog() throws Exception {
        List<UUID> ids = Stream.generate(UUID::randomUUID).limit(EVENTS).toList();
        try (var site = new Site(folder);
                Ingress ingress = site.ingress();
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            site.startReading();
            var todo = new ConcurrentLinkedQueue<>(ids);
            long start = System.nanoTime();
            List<Future<Integer>> again = IntStream.range(0, CONNECTIONS)
                    .mapToObj(i -> callers.submit(() -> callAll(todo, ingress.port())))
                    .toList();
            int repeated = 0;
            for (Future<Integer> repetitions : again) {
                repeated += repetitions.get();
            }
            Duration took = Duration.ofNanos(System.nanoTime() - start);

            log.info("{} events in {} ms, {} told to come again", EVENTS, took.toMillis(), repeated);
            assertThat(site.written().stream()
                            .map(written -> written.request().requestId())
                            .distinct())
                    .containsExactlyInAnyOrderElementsOf(ids);
        }
    }

    private static int callAll(ConcurrentLinkedQueue<UUID> todo, int port) throws IOException {
        int again = 0;
        try (var connection = new Connection(port)) {
            for (UUID id = todo.poll(); id != null; id = todo.poll()) {
                Reply reply =
                        connection.call(Call.deletionOf(UUID.randomUUID(), id).bytes());
                assertThat(reply.took()).isLessThan(Duration.ofMillis(1900));
                if (reply.status() == 503) {
                    again++;
                    todo.add(id);
                } else {
                    assertThat(reply.isAccepted()).as(reply.toString()).isTrue();
                    assertThat(reply.json().path("requestId").asText()).isEqualTo(id.toString());
                }
            }
        }
        return again;
    }
}
