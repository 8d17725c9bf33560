package dev.lethe.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code lethe ARGUMENTS} in a JVM of its own, which a test can kill. */
public final class LetheProcess implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Process process;
    private final Path log;

    private LetheProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** The installation's ingress; prints to {@code ingress.log}. */
    public static LetheProcess ingress(Installation installation) {
        return start(
                installation.directory().resolve("ingress.log"),
                "ingress",
                "--config",
                installation.ingressConfigFile().toString());
    }

    /** A worker of the installation; prints to {@code worker.log}. */
    public static LetheProcess worker(Installation installation) {
        return start(
                installation.directory().resolve("worker.log"),
                "worker",
                "--config",
                installation.workerConfigFile().toString());
    }

    /** @param log takes what it prints, behind what is there already */
    public static LetheProcess start(Path log, String... arguments) {
        return start(log, List.of("-Xmx256m"), List.of(arguments));
    }

    /**
     * @param log takes what it prints, behind what is there already
     * @param options of the JVM
     */
    public static LetheProcess start(Path log, List<String> options, List<String> arguments) {
        var command = new ArrayList<String>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        // They live for seconds: what the better compiler costs does not come back.
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.lethe.cli.Lethe"));
        command.addAll(arguments);
        try {
            return new LetheProcess(
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                            .start(),
                    log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the service says on its management port that it is ready. */
    public LetheProcess awaitReady(int managementPort) {
        var ready = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + managementPort + "/health/ready"))
                .build();
        await().atMost(Duration.ofSeconds(90))
                .ignoreExceptionsInstanceOf(IOException.class)
                .untilAsserted(() -> {
                    assertThat(process.isAlive())
                            .as("still running; it printed:%n%s", output())
                            .isTrue();
                    assertThat(HTTP.send(ready, BodyHandlers.ofString()).statusCode())
                            .isEqualTo(200);
                });
        return this;
    }

    public String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public ProcessHandle handle() {
        return process.toHandle();
    }

    /** SIGKILL. */
    public void kill() {
        process.destroyForcibly();
        awaitExit(Duration.ofSeconds(10));
    }

    /** SIGTERM; returns the exit code. */
    public int terminate(Duration within) {
        process.destroy();
        return awaitExit(within);
    }

    public int awaitExit(Duration within) {
        try {
            assertThat(process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS))
                    .as("ended within %s; it printed:%n%s", within, output())
                    .isTrue();
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
    }
}
