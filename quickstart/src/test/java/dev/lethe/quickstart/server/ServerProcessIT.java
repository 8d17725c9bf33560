package dev.lethe.quickstart.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("nightly")
@Timeout(90)
class ServerProcessIT {

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"KILL", "TERM", "INT"})
    void leavesNoServerBehindWhenItsParentIsSent(String signal) throws Exception {
        assertThatAllEnd("running", parent -> signal(signal, parent));
    }

    @Test
    void leavesNoFrozenServerBehindWhenItsParentIsKilled() throws Exception {
        assertThatAllEnd("frozen", parent -> signal("KILL", parent));
    }

    @Test
    void leavesNoServerBehindWhenItsParentsMainReturns() throws Exception {
        assertThatAllEnd("returning", parent -> {});
    }

    @Test
    void saysWhyAServerDidNotStart() {
        assertThatThrownBy(() -> ServerProcess.start(command(Broken.class, Duration.ofSeconds(30))))
                .isInstanceOf(ServerStartException.class)
                .hasMessageContaining("sample stopped before it was ready")
                .hasMessageContaining("no such disk");
    }

    @Test
    void givesUpAServerThatDoesNotGetReady() {
        assertThatThrownBy(() -> ServerProcess.start(command(Hanging.class, Duration.ofSeconds(1))))
                .isInstanceOf(ServerStartException.class)
                .hasMessageContaining("sample was not ready within PT1S");
    }

    @Test
    void startsAgainAfterItWasKilled() {
        try (ServerProcess process = ServerProcess.start(command(Healthy.class, Duration.ofSeconds(30)))) {
            long first = process.pid();
            process.kill();
            assertThat(process.isAlive()).isFalse();

            process.restart();

            assertThat(process.isAlive()).isTrue();
            assertThat(process.pid()).isNotEqualTo(first);
            assertThat(process.log()).content().contains("noise");
        }
    }

    private ServerCommand command(Class<?> main, Duration readyWithin) {
        return new ServerCommand("sample", main, directory, List.of(), List.of(), readyWithin);
    }

    private interface Ending {
        void end(Process parent) throws Exception;
    }

    private void assertThatAllEnd(String how, Ending ending) throws Exception {
        Process parent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Parent.class.getName(),
                        directory.toString(),
                        how)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<Long> pids = new ArrayList<>();
        try (BufferedReader output = parent.inputReader(StandardCharsets.UTF_8)) {
            Stream.of(output.readLine().split(" ")).map(Long::valueOf).forEach(pids::add);
            assertThat(pids).hasSize(5).allMatch(Processes::isRunning);

            ending.end(parent);

            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(pids).noneMatch(Processes::isRunning));
        } finally {
            parent.destroyForcibly();
            pids.stream().map(ProcessHandle::of).flatMap(Optional::stream).forEach(ProcessHandle::destroyForcibly);
        }
    }

    private static void signal(String signal, Process process) throws Exception {
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    static final class Healthy {
        public static void main(String[] arguments) {
            ServedChild.run(() -> {
                System.out.println("noise");
                return () -> {};
            });
        }
    }

    static final class Broken {
        public static void main(String[] arguments) {
            ServedChild.run(() -> {
                throw new IllegalStateException("no such disk");
            });
        }
    }

    static final class Hanging {
        public static void main(String[] arguments) {
            ServedChild.run(() -> {
                new CountDownLatch(1).await();
                return () -> {};
            });
        }
    }
}
