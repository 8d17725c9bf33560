package dev.lethe.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
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
            assertThat(summary.fieldNames())
                    .toIterable()
                    .containsExactly(
                            "requestId", "acknowledgedMillis", "erasedMillis", "stores", "neighboursUntouched");
            assertThat(summary.path("stores").fieldNames())
                    .toIterable()
                    .containsExactly("shop", "support", "sessions", "newsletter");
            assertThat(summary.at("/stores/shop").fieldNames())
                    .toIterable()
                    .containsExactly("customers", "orders", "order_items", "invoices");
            assertThat(summary.at("/stores/support").fieldNames()).toIterable().containsExactly("tickets", "messages");
            assertThat(summary.at("/stores/sessions").fieldNames())
                    .toIterable()
                    .containsExactly("session:{userId}", "cart:{userId}:*", "last-seen", "online");
            assertThat(summary.at("/stores/newsletter").fieldNames())
                    .toIterable()
                    .containsExactly("readers", "subscriptions");
            assertThat(UUID.fromString(summary.path("requestId").asText())).isNotNull();
            assertThat(summary.at("/stores/shop/customers").asInt()).isEqualTo(1);
            assertThat(summary.at("/stores/shop/order_items").asInt()).isPositive();
            assertThat(summary.at("/stores/support/messages").asInt()).isPositive();
            assertThat(summary.at("/stores/sessions"))
                    .allSatisfy(items -> assertThat(items.asInt()).isPositive());
            assertThat(summary.at("/stores/newsletter"))
                    .allSatisfy(items -> assertThat(items.asInt()).isPositive());
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

    @Tag("thorough")
    @Test
    void withConfirmationADeletionThatIsRolledBackErasesNothingAndIsReportedAsWithdrawn() {
        try (var quickstart = LetheProcess.start(log(), "quickstart", "--once", "--confirmation", "--data", data())) {
            assertThat(quickstart.awaitExit(PATIENCE)).as(quickstart.output()).isZero();

            assertThat(quickstart.output())
                    .contains("Verified by reading the stores back", "Another deletion is rolled back")
                    .containsPattern("DELETE /api/user/[0-9a-f-]{36}\\?hardDelete=true: 504")
                    .contains("confirm  WITHDRAWN after 3 looks: nothing was erased")
                    .containsPattern("The user's [1-9][0-9]* rows are still there, byte for byte");
        }
    }

    @Tag("thorough")
    @Test
    void staysUpOnWhateverPortsAreFreeUntilItIsAskedToStopAndThenStopsItsServers() throws IOException {
        try (var fusionAuths = new Occupied(9011);
                var ingresses = new Occupied(8080);
                var quickstart = LetheProcess.start(log(), "quickstart", "--data", data())) {
            awaitSuggestions(quickstart);
            assertThat(quickstart.output()).doesNotContain(fusionAuths.address(), ingresses.address());
            List<ProcessHandle> servers = servers(quickstart);

            quickstart.terminate(Duration.ofSeconds(40));

            assertThat(quickstart.output()).contains("Stopped.");
            assertGone(servers);
        }
    }

    @Tag("thorough")
    @Test
    void stoppedWhileItsServersStartItLeavesNeitherProcessNorFolder() throws IOException {
        Path temporary = Files.createDirectory(folder.resolve("tmp"));
        var options = List.of("-Xmx256m", "-Djava.io.tmpdir=" + temporary);
        try (var quickstart = LetheProcess.start(log(), options, List.of("quickstart"))) {
            await().atMost(PATIENCE)
                    .until(() -> quickstart.handle().descendants().count() >= 2);
            List<ProcessHandle> started = quickstart.handle().descendants().toList();

            quickstart.terminate(Duration.ofSeconds(60));

            assertThat(quickstart.output()).contains("Stopping ...", "Stopped.").doesNotContain("Ready after");
            assertThat(started).noneMatch(ProcessHandle::isAlive);
            assertThat(ProcessHandle.allProcesses()
                            .map(process -> process.info().commandLine().orElse("")))
                    .as("command lines, PostgreSQL's among them")
                    .noneMatch(line -> line.contains(temporary + "/lethe-quickstart"));
            assertThat(temporary).isEmptyDirectory();
        }
    }

    @Tag("thorough")
    @Test
    void aDataFolderIsForOneRunAtATime() throws IOException {
        try (var first = LetheProcess.start(log(), "quickstart", "--data", data())) {
            await().atMost(PATIENCE).until(() -> Files.exists(folder.resolve("data/lock")));

            try (var second = LetheProcess.start(folder.resolve("second.out"), "quickstart", "--data", data())) {
                assertThat(second.awaitExit(PATIENCE)).isEqualTo(2);
                assertThat(second.output()).contains("another run uses " + data());
            }
            awaitSuggestions(first);
            List<ProcessHandle> servers = servers(first);

            first.kill();

            assertGone(servers);
        }
    }

    @Tag("thorough")
    @Test
    void aKilledQuickstartLeavesNoServerRunningAndItsDataServesTheNextOne() throws IOException {
        try (var quickstart = LetheProcess.start(log(), "quickstart", "--data", data())) {
            awaitSuggestions(quickstart);
            List<ProcessHandle> servers = servers(quickstart);

            quickstart.kill();

            assertGone(servers);
        }
        try (var again = LetheProcess.start(log(), "quickstart", "--once", "--data", data())) {
            assertThat(again.awaitExit(PATIENCE))
                    .as("a run on the same data:%n%s", again.output())
                    .isZero();
        }
    }

    /** The broker, two supervisors, and the servers that they watch, which are children of nobody's. */
    private List<ProcessHandle> servers(LetheProcess quickstart) {
        await().atMost(PATIENCE)
                .until(() -> quickstart.handle().descendants().count() >= 3
                        && daemons().count() == 2);
        return Stream.concat(quickstart.handle().descendants(), daemons()).toList();
    }

    /** Those that have written down their process id. */
    private Stream<ProcessHandle> daemons() {
        return Stream.of("data/postgres/data/postmaster.pid", "data/redis/redis.pid")
                .map(folder::resolve)
                .filter(Files::exists)
                .flatMap(QuickstartIT::firstLine)
                .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)).stream());
    }

    private static Stream<String> firstLine(Path file) {
        try {
            return Files.readAllLines(file).stream().limit(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sees to it that a port is taken, by whomever. */
    private static final class Occupied implements AutoCloseable {
        private final ServerSocket socket = new ServerSocket();
        private final int port;

        Occupied(int port) throws IOException {
            this.port = port;
            var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            try {
                socket.bind(address);
            } catch (BindException e) {
                assertThat(e).as("somebody else has it").hasMessageContaining("in use");
            }
        }

        String address() {
            return "127.0.0.1:" + port + "/";
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static void awaitSuggestions(LetheProcess quickstart) {
        await().atMost(PATIENCE).until(() -> quickstart.output().contains("Try next"));
    }

    private static void assertGone(List<ProcessHandle> servers) {
        assertThat(servers).as("servers that it had started").hasSizeGreaterThanOrEqualTo(5);
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
