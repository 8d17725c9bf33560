package dev.lethe.quickstart.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lethe.ingress.Ingress;
import dev.lethe.quickstart.server.Broker;
import dev.lethe.quickstart.server.KafkaServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A broker that can't write any more. No disk is filled for that: the kernel refuses what would make a file longer (RLIMIT_FSIZE), and a broker
 * does the same about it.
 */
@Tag("thorough")
class FullDiskIT {
    @TempDir
    Path folder;

    @Test
    void nobodyIsAcceptedOnAFullDiskAndWhoComesAgainAfterwardsIs() throws Exception {
        KafkaServer kafka = KafkaServer.start(folder.resolve("kafka"));
        try (var site = new Site(folder, Broker.of(kafka));
                Ingress ingress = site.ingress()) {
            site.startReading();
            var deletion = Call.deletionOf(UUID.randomUUID(), UUID.randomUUID());

            fill(kafka);
            Reply refused = answerTo(deletion, ingress);

            assertThat(refused.status()).as(refused.toString()).isEqualTo(503);
            assertThat(refused.took()).isLessThan(Duration.ofSeconds(2));
            kafka.onExit().get(1, TimeUnit.MINUTES);

            kafka.restart();
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> answerTo(deletion, ingress).isAccepted());
            assertThat(site.writtenRequest().request().requestId()).isNotNull();
        }
    }

    private static Reply answerTo(Call call, Ingress ingress) throws Exception {
        try (var connection = new Connection(ingress.port())) {
            return connection.call(call.bytes());
        }
    }

    private static void fill(KafkaServer kafka) throws Exception {
        Process prlimit = new ProcessBuilder("prlimit", "--pid", Long.toString(kafka.pid()), "--fsize=1:unlimited")
                .inheritIO()
                .start();
        assertThat(prlimit.waitFor()).isZero();
    }
}
