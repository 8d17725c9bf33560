package dev.lethe.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lethe kafka} in a process of its own. */
@Tag("thorough")
class KafkaCommandIT {
    private static final Pattern ADDRESS = Pattern.compile("Kafka is at (127\\.0\\.0\\.1:\\d+)");

    @TempDir
    private Path folder;

    @Test
    void aBrokerTakesTopicsAndIsGoneWhenItIsStopped() {
        String data = folder.resolve("data").toString();
        try (var kafka = LetheProcess.start(folder.resolve("kafka.log"), "kafka", "--port", "0", "--data", data)) {
            String address = address(kafka);

            assertThat(topics("create", address)).as("made").isZero();
            assertThat(topics("check", address)).as("as they should be").isZero();

            try (var second =
                    LetheProcess.start(folder.resolve("second.log"), "kafka", "--port", "0", "--data", data)) {
                assertThat(second.awaitExit(Duration.ofSeconds(60))).isEqualTo(2);
                assertThat(second.output()).contains("another run uses " + data);
            }

            kafka.terminate(Duration.ofSeconds(60));
            assertThat(topics("check", address)).as("nobody is there").isEqualTo(1);
        }
    }

    @Test
    void whoRunsABrokerIsToldThatItHasEnded() {
        Path data = folder.resolve("data");
        try (var kafka =
                LetheProcess.start(folder.resolve("kafka.log"), "kafka", "--port", "0", "--data", data.toString())) {
            address(kafka);

            assertThat(kafka.handle().descendants()).isNotEmpty().allMatch(ProcessHandle::destroyForcibly);

            assertThat(kafka.awaitExit(Duration.ofSeconds(60))).isEqualTo(1);
            assertThat(kafka.output()).contains("The broker has ended by itself", data.toString());
        }
    }

    private static String address(LetheProcess kafka) {
        await().atMost(Duration.ofSeconds(90))
                .until(() -> ADDRESS.matcher(kafka.output()).find());
        var address = ADDRESS.matcher(kafka.output());
        assertThat(address.find()).isTrue();
        return address.group(1);
    }

    private int topics(String command, String address) {
        try (var topics = LetheProcess.start(
                folder.resolve(command + ".log"),
                "topics",
                command,
                "--bootstrap-server",
                address,
                "--stores",
                "shop",
                "--single-node")) {
            return topics.awaitExit(Duration.ofSeconds(90));
        }
    }
}
