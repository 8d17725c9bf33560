package dev.lethe.bench.rig;

import dev.lethe.quickstart.server.Frozen;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A process that is measured. It ends with this JVM. */
public final class Child implements AutoCloseable {
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(30);
    private static final long LOOK_EVERY_MILLIS = 2;

    private final Process process;
    private final Path log;
    private final Thread end;
    private final long started = System.nanoTime();
    private @Nullable Frozen frozen;

    private Child(List<String> command, Path folder, Path log) throws IOException {
        this.log = log;
        process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        end = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(end);
    }

    /** A JVM like this one. */
    public static Child java(String name, Path folder, List<String> options, Collection<Path> jars, List<String> main)
            throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.add("-cp");
        command.add(jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
        command.addAll(main);
        return new Child(command, folder, folder.resolve(name + ".log"));
    }

    /** Any other command. */
    public static Child command(String name, Path folder, List<String> command) throws IOException {
        return new Child(command, folder, folder.resolve(name + ".log"));
    }

    public long pid() {
        return process.pid();
    }

    /** Waits until this address answers 200; how long that took from the start, in seconds. */
    public double awaitReady(String url) throws IOException, InterruptedException {
        HttpRequest asked = HttpRequest.newBuilder(URI.create(url)).build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            while (!answers(http, asked)) {
                if (!process.isAlive()) {
                    throw new IOException("it ended before it was ready; see " + log + ":\n" + Files.readString(log));
                }
                if (System.nanoTime() - started > READY_WITHIN.toNanos()) {
                    throw new IOException("it is not ready; see " + log + ":\n" + Files.readString(log));
                }
                Thread.sleep(LOOK_EVERY_MILLIS);
            }
        }
        return (System.nanoTime() - started) / 1e9;
    }

    private static boolean answers(HttpClient http, HttpRequest asked) throws InterruptedException {
        try {
            return http.send(asked, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** What of it is in memory, in megabytes: VmRSS. */
    public double residentMegabytes() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/" + pid() + "/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToDouble(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024.0)
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** SIGSTOP. */
    public void freeze() {
        frozen = Frozen.freeze(List.of(pid()));
    }

    /** SIGCONT. */
    public void thaw() {
        if (frozen != null) {
            frozen.close();
            frozen = null;
        }
    }

    @Override
    public void close() {
        thaw();
        process.destroy();
        try {
            if (!process.waitFor(STOP_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().removeShutdownHook(end);
    }
}
