package dev.lethe.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lethe.quickstart.fusionauth.FusionAuthSimulator;
import dev.lethe.quickstart.server.FreePort;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the images ask a service with. Needs bash. */
class ContainerScriptsIT {
    private static final String SCRIPT = Path.of("..", "deploy", "docker", "healthy")
            .toAbsolutePath()
            .normalize()
            .toString();

    private static FusionAuthSimulator server;

    @BeforeAll
    static void start() {
        server = FusionAuthSimulator.start(0, "key", UUID.randomUUID());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void aServerThatAnswers200IsHealthy() throws Exception {
        assertThat(exitCode(port(), "/api/status")).isZero();
    }

    @Test
    void aServerThatAnswersAnythingElseIsNot() throws Exception {
        assertThat(exitCode(port(), "/api/tenant")).as("401").isNotZero();
    }

    @Test
    void aServerThatIsNotThereIsNot() throws Exception {
        assertThat(exitCode(Integer.toString(FreePort.any()), "/api/status")).isNotZero();
    }

    private static String port() {
        String url = server.url();
        return url.substring(url.lastIndexOf(':') + 1);
    }

    private static int exitCode(String port, String path) throws Exception {
        return new ProcessBuilder(List.of("bash", SCRIPT, port, path))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
