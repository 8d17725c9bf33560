package dev.lethe.quickstart.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A project of Docker Compose, made of the files of this repository and of an {@code .env} with secrets of its own. What is
 * asked of it is asked as its users would, on a command line; closing it leaves nothing of it but its images and its log.
 */
final class Compose implements AutoCloseable {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Duration LONGEST_COMMAND = Duration.ofMinutes(30);

    private final String project;
    private final Path log;
    private final Map<String, String> secrets = new TreeMap<>();
    private final List<String> compose;

    /**
     * @param folder for the {@code .env}
     * @param project names its containers, networks and volumes
     * @param files as they follow {@code -f}
     */
    Compose(Path folder, String project, String... files) throws IOException {
        this.project = project;
        this.log = Files.createDirectories(Path.of("target", "compose")).resolve(project + ".log");
        Files.deleteIfExists(log);
        Path environment = folder.resolve(".env");
        Files.write(environment, filledIn(Files.readAllLines(ROOT.resolve(".env.example"))));
        compose = new ArrayList<>(List.of("docker", "compose", "-p", project, "--env-file", environment.toString()));
        for (String file : files) {
            compose.addAll(List.of("-f", ROOT.resolve(file).toString()));
        }
    }

    /** Every secret with a value; and images that take nobody else's names. */
    private List<String> filledIn(List<String> example) {
        var lines = new ArrayList<String>();
        for (String line : example) {
            if (line.matches("[A-Z_]+=")) {
                String name = line.substring(0, line.length() - 1);
                secrets.put(name, random());
                lines.add(line + secrets.get(name));
            } else {
                lines.add(line);
            }
        }
        lines.addAll(List.of("LETHE_IMAGE=lethe-it", "LETHE_SAMPLE_IMAGE=lethe-sample-it"));
        return lines;
    }

    private static String random() {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        return HexFormat.of().formatHex(secret);
    }

    /** What the {@code .env} says. */
    String secret(String name) {
        return secrets.get(name);
    }

    /** {@code docker compose ARGUMENTS}, which has to succeed; what it prints on standard output. */
    String compose(String... arguments) {
        var command = new ArrayList<>(compose);
        command.addAll(List.of(arguments));
        String printed = run(command);
        say(printed);
        return printed;
    }

    /** What a service prints to whoever runs another command in its container. */
    List<String> exec(String service, String... command) {
        var arguments = new ArrayList<>(compose);
        arguments.addAll(List.of("exec", "-T", service));
        arguments.addAll(List.of(command));
        return run(arguments).lines().toList();
    }

    /** SIGKILL to the container of a service, which stays dead until it is started. */
    void kill(String service, int number) {
        run(List.of("docker", "kill", container(service, number)));
    }

    String container(String service, int number) {
        return project + "-" + service + "-" + number;
    }

    /** Waits until each service with a health check is healthy, and nothing is about to start. */
    void awaitHealthy(int containers) {
        await("everything is healthy")
                .atMost(Duration.ofMinutes(10))
                .pollInterval(Duration.ofSeconds(2))
                .untilAsserted(() -> assertThat(compose("ps", "--format", "{{.Name}} {{.State}} {{.Health}}")
                                .lines())
                        .hasSize(containers)
                        .allMatch(line -> line.endsWith(" running healthy")));
    }

    /** The exit codes of all containers, by name. */
    Map<String, Integer> exitCodes() {
        var codes = new TreeMap<String, Integer>();
        compose("ps", "--all", "--format", "{{.Name}} {{.ExitCode}}")
                .lines()
                .map(line -> line.split(" "))
                .forEach(words -> codes.put(words[0], Integer.valueOf(words[1])));
        return codes;
    }

    /** What is left of the project: containers and volumes. */
    List<String> remains() {
        String ours = "label=com.docker.compose.project=" + project;
        var remains = new ArrayList<String>();
        run(List.of("docker", "ps", "--all", "--quiet", "--filter", ours))
                .lines()
                .forEach(remains::add);
        run(List.of("docker", "volume", "ls", "--quiet", "--filter", ours))
                .lines()
                .forEach(remains::add);
        return remains;
    }

    private String run(List<String> command) {
        try {
            say("$ " + String.join(" ", command));
            Path output = Files.createTempFile("compose", ".out");
            try {
                Process process = new ProcessBuilder(command)
                        .redirectOutput(output.toFile())
                        .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start();
                boolean ended = process.waitFor(LONGEST_COMMAND.toSeconds(), TimeUnit.SECONDS);
                if (!ended) {
                    process.destroyForcibly();
                }
                String printed = Files.readString(output);
                assertThat(ended ? process.exitValue() : -1)
                        .as("exit code of %s; more is in %s", String.join(" ", command), log.toAbsolutePath())
                        .isZero();
                return printed;
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Docker with its compose plugin is needed", e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void say(String text) {
        try {
            Files.writeString(
                    log, text + "\n", StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            compose("logs", "--no-color", "--timestamps");
        } finally {
            compose("down", "--volumes", "--timeout", "30");
        }
    }
}
