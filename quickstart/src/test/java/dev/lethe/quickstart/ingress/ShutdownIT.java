package dev.lethe.quickstart.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lethe.quickstart.ingress.Load.Unanswered;
import dev.lethe.quickstart.ingress.Site.IngressProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM: nobody is cut off, nothing that was acknowledged is lost. */
@Tag("thorough")
class ShutdownIT {
    private static final int TERMINATED = 143;
    private static final Duration WITHIN = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    private Site site;

    @BeforeEach
    void start() throws Exception {
        site = new Site(folder);
        site.startReading();
    }

    @AfterEach
    void stop() {
        site.close();
    }

    @Test
    void underLoadEveryCallIsAnsweredThatCameBeforeAndNoneIsTakenThatIsNotAnswered() throws Exception {
        try (IngressProcess ingress = site.ingressProcess("-Xmx96m");
                var load = new Load(ingress.port(), 40)) {
            load.valid(40, Duration.ofMillis(5), "");
            await().atMost(Duration.ofSeconds(30)).until(() -> load.accepted().size() > 500);

            long told = System.nanoTime();
            int exitCode = ingress.process().terminate(WITHIN);

            load.stop();
            assertThat(exitCode).isEqualTo(TERMINATED);
            assertThat(load.unanswered().stream().filter(call -> call.sentAt() < told))
                    .as("calls from before the signal that were not answered")
                    .isEmpty();
            Set<UUID> written = idsInTheLog();
            assertThat(written).as("ids in the log").containsAll(load.accepted());
            assertThat(written)
                    .as("ids in the log that were not answered")
                    .doesNotContainAnyElementsOf(
                            load.unanswered().stream().map(Unanswered::eventId).toList());
            assertThat(load.answers())
                    .as("answers:%n%s", load.summary())
                    .allSatisfy(
                            answered -> assertThat(answered.reply().status()).isIn(200, 503));
            var taken = new HashSet<>(load.accepted());
            taken.addAll(load.unknown());
            assertThat(taken).containsAll(written);
        }
    }

    @Test
    void itIsNotReadyWhileItAnswersWhatItHasInHand() throws Exception {
        try (IngressProcess ingress = site.ingressProcess();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            assertThat(Site.answerTo(event(), ingress.port()).isAccepted()).isTrue();
            site.kafka().freeze();
            Future<Reply> inHand = threads.submit(() -> {
                try (var connection = new Connection(ingress.port())) {
                    return connection.call(event().bytes());
                }
            });
            await().until(() -> Metrics.of(ingress.managementPort()).get("lethe_ingress_in_flight_requests") == 1);

            Future<Integer> exitCode = threads.submit(() -> ingress.process().terminate(WITHIN));

            await().pollInterval(Duration.ofMillis(20)).untilAsserted(() -> {
                var ready = Metrics.get(ingress.managementPort(), "/health/ready");
                assertThat(ready.statusCode()).isEqualTo(503);
                assertThat(ready.body()).contains("the service is stopping");
            });
            assertThat(inHand.get().isOutcomeUnknown())
                    .as(inHand.get().toString())
                    .isTrue();
            assertThat(exitCode.get()).isEqualTo(TERMINATED);
            site.kafka().thaw();
        }
    }

    @Test
    void aStalledBodyDoesNotHoldItUp() throws Exception {
        try (IngressProcess ingress = site.ingressProcess();
                var stalled = new Connection(ingress.port());
                var silent = new Connection(ingress.port())) {
            stalled.send(event().head());
            silent.send("POST /webhook-user-delete HTTP/1.1\r\nHost:");

            assertThat(ingress.process().terminate(WITHIN)).isEqualTo(TERMINATED);
            assertThat(stalled.reply().status()).isIn(408, 503);
        }
    }

    private Set<UUID> idsInTheLog() throws IOException {
        return site.written().stream()
                .map(written -> written.request().requestId())
                .collect(Collectors.toSet());
    }

    private static Call event() {
        return Call.deletionOf(UUID.randomUUID(), UUID.randomUUID());
    }
}
