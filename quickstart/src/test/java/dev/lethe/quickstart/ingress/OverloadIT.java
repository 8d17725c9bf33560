package dev.lethe.quickstart.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lethe.ingress.Ingress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More than the ingress is to take is refused at once, so that what it has taken keeps its time; and that passes. */
@Tag("thorough")
@Tag("alone")
class OverloadIT {
    @TempDir
    Path folder;

    private Site site;

    @BeforeEach
    void start() throws Exception {
        site = new Site(folder);
    }

    @AfterEach
    void stop() {
        site.close();
    }

    @Test
    void callsBeyondTheBoundAreRefusedAtOnceUntilThereIsRoomAgain() throws Exception {
        try (Ingress ingress = ingress("maxInFlightRequests: 3");
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Site.answerTo(event(), ingress.port());
            site.startReading();
            site.kafka().freeze();
            List<Future<Reply>> taken = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                taken.add(callers.submit(() -> call(ingress, event())));
            }
            await().until(() -> inFlight(ingress) == 3.0);

            Reply refused = call(ingress, event());

            assertThat(refused.status()).as(refused.toString()).isEqualTo(503);
            assertThat(refused.says()).containsExactly("[overloaded]");
            assertThat(refused.headers()).containsKey("retry-after");
            assertThat(refused.took()).isLessThan(Duration.ofMillis(500));
            for (Future<Reply> reply : taken) {
                assertThat(reply.get().isOutcomeUnknown())
                        .as(reply.get().toString())
                        .isTrue();
                assertThat(reply.get().took()).isLessThan(Duration.ofMillis(1900));
            }
            site.kafka().thaw();
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() ->
                            assertThat(call(ingress, event()).isAccepted()).isTrue());
            assertThat(inFlight(ingress)).isZero();
        }
    }

    @Test
    void aRefusedCallIsNotInTheLog() throws Exception {
        try (Ingress ingress = ingress("maxInFlightRequests: 2");
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            site.startReading();
            var refused = new HashSet<UUID>();
            var accepted = new HashSet<UUID>();
            var replies = new ArrayList<Future<Reply>>();
            var ids = new ArrayList<UUID>();
            for (int i = 0; i < 200; i++) {
                UUID id = UUID.randomUUID();
                ids.add(id);
                replies.add(callers.submit(() -> call(ingress, Call.deletionOf(UUID.randomUUID(), id))));
            }
            for (int i = 0; i < ids.size(); i++) {
                Reply reply = replies.get(i).get();
                if (reply.isAccepted()) {
                    accepted.add(ids.get(i));
                } else if (reply.says().equals(List.of("[overloaded]"))) {
                    refused.add(ids.get(i));
                }
            }

            assertThat(refused).as("refused").isNotEmpty();
            assertThat(site.written().stream().map(written -> written.request().requestId()))
                    .containsAll(accepted)
                    .doesNotContainAnyElementsOf(refused);
        }
    }

    @Test
    void bytesBeyondTheBoundAreRefusedAtOnce() throws Exception {
        try (Ingress ingress = ingress("maxInFlightBytes: 1048576, maxBodyBytes: 1048576");
                var half = new Connection(ingress.port())) {
            Call large = Call.of(new byte[600_000]);
            half.send(large.head()).send(new byte[590_000]);
            await().until(() -> Metrics.of(ingress.managementPort()).get("lethe_ingress_in_flight_bytes") == 590_000);

            Reply refused = call(ingress, large);

            assertThat(refused.says()).as(refused.toString()).containsExactly("[overloaded]");
            assertThat(refused.took()).isLessThan(Duration.ofMillis(500));
            assertThat(half.reply().status())
                    .as("of the one who came first, and stalled")
                    .isEqualTo(408);
            assertThat(call(ingress, large).says()).as("once there is room").containsExactly("[invalidJSON]");
        }
    }

    @Test
    void aStrangersBodyTakesNoneOfTheRoom() throws Exception {
        try (Ingress ingress = ingress("maxInFlightBytes: 1048576, maxBodyBytes: 1048576");
                var strangers = new Connection(ingress.port())) {
            Call large = Call.of(new byte[1_000_000]);
            strangers.send(large.without("Authorization").head()).send(new byte[900_000]);

            Reply reply = call(ingress, large);

            assertThat(reply.says()).as(reply.toString()).containsExactly("[invalidJSON]");
            assertThat(strangers.reply().status())
                    .as("of the stranger, who stalled")
                    .isIn(401, 408);
        }
    }

    private Ingress ingress(String bound) throws Exception {
        return site.ingress("""
                http: { host: 127.0.0.1, port: 0, %s }
                management: { host: 127.0.0.1, port: 0 }
                """.formatted(bound));
    }

    private static Reply call(Ingress ingress, Call call) throws Exception {
        try (var connection = new Connection(ingress.port())) {
            return connection.call(call.bytes());
        }
    }

    private static double inFlight(Ingress ingress) throws Exception {
        return Metrics.of(ingress.managementPort()).get("lethe_ingress_in_flight_requests");
    }

    private static Call event() {
        return Call.deletionOf(UUID.randomUUID(), UUID.randomUUID());
    }
}
