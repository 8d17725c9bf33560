package dev.lethe.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lethe quickstart} as a newcomer runs it. */
@Tag("alone")
class QuickstartIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    @Test
    void onceErasesOneUserVerifiesItAndLeavesNothingRunning() throws IOException {
        try (var quickstart = LetheProcess.start(log(), "quickstart", "--once", "--json", "--data", data())) {
            List<ProcessHandle> servers = servers(quickstart);

            assertThat(quickstart.awaitExit(PATIENCE)).as(quickstart.output()).isZero();

            JsonNode summary = lastLine(quickstart);
            assertThat(summary.path("requestId").asText()).hasSize(36);
            assertThat(summary.at("/stores/shop/customers").asInt()).isEqualTo(1);
            assertThat(summary.at("/stores/shop/order_items").asInt()).isPositive();
            assertThat(summary.at("/stores/support/messages").asInt()).isPositive();
            assertThat(summary.path("neighboursUntouched").asBoolean()).isTrue();
            assertThat(summary.path("acknowledgedMillis").asLong())
                    .as("milliseconds to the first acknowledgement")
                    .isLessThan(500);
            assertThat(summary.path("erasedMillis").asLong())
                    .as("milliseconds from there to the last row")
                    .isLessThan(1000);
            assertGone(servers);
        }
    }

    @Test
    void staysUpUntilItIsAskedToStopAndThenStopsItsServers() throws IOException {
        try (var quickstart = LetheProcess.start(log(), "quickstart", "--data", data())) {
            awaitSuggestions(quickstart);
            List<ProcessHandle> servers = servers(quickstart);

            quickstart.terminate(Duration.ofSeconds(40));

            assertThat(quickstart.output()).contains("Stopped.");
            assertGone(servers);
        }
    }

    @Test
    void aKilledQuickstartLeavesNoServerRunning() throws IOException {
        try (var quickstart = LetheProcess.start(log(), "quickstart", "--data", data())) {
            awaitSuggestions(quickstart);
            List<ProcessHandle> servers = servers(quickstart);

            quickstart.kill();

            assertGone(servers);
        }
    }

    /** The broker, PostgreSQL's supervisor, and PostgreSQL itself, which is a child of nobody's. */
    private List<ProcessHandle> servers(LetheProcess quickstart) throws IOException {
        Path postmaster = folder.resolve("data/postgres/data/postmaster.pid");
        await().atMost(PATIENCE)
                .until(() -> quickstart.handle().descendants().count() >= 2 && Files.exists(postmaster));
        long pid = Long.parseLong(Files.readAllLines(postmaster).getFirst());
        return Stream.concat(quickstart.handle().descendants(), ProcessHandle.of(pid).stream())
                .toList();
    }

    private static void awaitSuggestions(LetheProcess quickstart) {
        await().atMost(PATIENCE).until(() -> quickstart.output().contains("Try next"));
    }

    private static void assertGone(List<ProcessHandle> servers) {
        assertThat(servers).as("servers that it had started").hasSizeGreaterThanOrEqualTo(3);
        await().atMost(Duration.ofSeconds(40)).until(() -> servers.stream().noneMatch(ProcessHandle::isAlive));
    }

    private static JsonNode lastLine(LetheProcess quickstart) throws IOException {
        return new ObjectMapper().readTree(quickstart.output().lines().toList().getLast());
    }

    private Path log() {
        return folder.resolve("quickstart.out");
    }

    private String data() {
        return folder.resolve("data").toString();
    }
}
