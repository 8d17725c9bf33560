package dev.lethe.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code lethe}, where something has to be built. Needs bash. */
class LauncherTest {
    private static final Path SCRIPT = Path.of("..", "lethe").toAbsolutePath().normalize();

    @TempDir
    private Path folder;

    private Path checkout;

    @BeforeEach
    void checkOut() throws IOException {
        checkout = Files.createDirectories(folder.resolve("checkout"));
        Files.copy(SCRIPT, checkout.resolve("lethe"));
        Files.createFile(checkout.resolve("pom.xml"));
        Files.createDirectories(checkout.resolve("module/src/main"));
        Files.createFile(checkout.resolve("module/pom.xml"));
        script("bin/mvn", "echo build >>'%1$s/builds'; until [[ -e '%1$s/go' ]]; do sleep 0.1; done".formatted(folder));
        script("jdk/bin/java", "echo \"ran $*\"");
        script("jdk/bin/javac", "exit 1");
        Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"25.0.1\"\n");
    }

    @Test
    void oneOfTwoCommandsBuildsAndTheOtherWaits() throws Exception {
        Process first = lethe("first", "check");
        await().until(() -> Files.exists(folder.resolve("builds")));
        Process second = lethe("second", "lanes");
        await().until(() -> output("second").contains("another command is building"));
        Files.createFile(folder.resolve("go"));

        assertThat(exitCode(first)).as(output("first")).isZero();
        assertThat(exitCode(second)).as(output("second")).isZero();
        assertThat(folder.resolve("builds")).hasContent("build");
        assertThat(output("first")).contains("dev.lethe.cli.Lethe check");
        assertThat(output("second")).contains("dev.lethe.cli.Lethe lanes");
    }

    @Test
    void nobodyWaitsForOneThatWasKilled() throws Exception {
        Process first = lethe("first", "check");
        await().until(() -> Files.exists(folder.resolve("builds")));
        first.descendants().forEach(ProcessHandle::destroyForcibly);
        first.destroyForcibly().waitFor();
        Files.createFile(folder.resolve("go"));

        Process second = lethe("second", "lanes");

        assertThat(exitCode(second)).as(output("second")).isZero();
        assertThat(output("second")).contains("dev.lethe.cli.Lethe lanes");
    }

    private Process lethe(String name, String... arguments) throws IOException {
        var builder = new ProcessBuilder("bash", checkout.resolve("lethe").toString());
        builder.command().addAll(List.of(arguments));
        builder.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
        builder.environment().merge("PATH", folder.resolve("bin").toString(), (old, own) -> own + ":" + old);
        builder.environment().remove("LETHE_JAVA_OPTIONS");
        return builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve(name).toFile())
                .start();
    }

    private static int exitCode(Process process) throws InterruptedException {
        assertThat(process.waitFor(Duration.ofSeconds(60).toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        return process.exitValue();
    }

    private String output(String name) throws IOException {
        return Files.readString(folder.resolve(name));
    }

    private void script(String name, String body) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/usr/bin/env bash\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
