package dev.lethe.quickstart.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** PostgreSQL's main process, found through {@code postmaster.pid} in its data directory. */
final class Postmaster {

    private static final Duration GONE_WITHIN = Duration.ofSeconds(10);
    private static final Duration POLL_EVERY = Duration.ofMillis(5);

    private final Path dataDirectory;
    private final Path pidFile;

    Postmaster(Path dataDirectory) {
        this.dataDirectory = dataDirectory;
        this.pidFile = dataDirectory.resolve("postmaster.pid");
    }

    /** Empty if it is not running. A file that a crash left behind does not count, even if its process id is in use again. */
    Optional<ProcessHandle> process() {
        try (Stream<String> lines = Files.lines(pidFile)) {
            return lines.findFirst()
                    .map(String::strip)
                    .filter(pid -> !pid.isEmpty())
                    .map(Long::valueOf)
                    .flatMap(ProcessHandle::of)
                    .filter(Postmaster::isRunning)
                    .filter(this::servesThisDirectory);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Long> backends() {
        return process().stream()
                .flatMap(ProcessHandle::descendants)
                .map(ProcessHandle::pid)
                .toList();
    }

    /** SIGKILL to it and to its backends, if it is running. When this returns, another may start on the same directory. */
    void kill() {
        List<ProcessHandle> processes = process().stream()
                .flatMap(postmaster -> Stream.concat(Stream.of(postmaster), postmaster.descendants()))
                .toList();
        processes.forEach(ProcessHandle::destroyForcibly);
        long deadline = System.nanoTime() + GONE_WITHIN.toNanos();
        while (processes.stream().anyMatch(Postmaster::isRunning) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(POLL_EVERY.toNanos());
        }
        if (process().isEmpty()) {
            deletePidFile();
        }
    }

    /** PostgreSQL does not start where the file names a process that still has its id, be it one that only waits to be reaped. */
    private void deletePidFile() {
        try {
            Files.deleteIfExists(pidFile);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A process that ended but that nobody has waited for yet is still listed, without a command. */
    private static boolean isRunning(ProcessHandle process) {
        return process.isAlive() && process.info().command().isPresent();
    }

    private boolean servesThisDirectory(ProcessHandle process) {
        return process.info()
                .commandLine()
                .filter(line -> line.contains(dataDirectory.toString()))
                .isPresent();
    }
}
