package dev.lethe.quickstart.server;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import redis.embedded.core.ExecutableProvider;
import redis.embedded.error.OsArchitectureNotFound;
import redis.embedded.error.UnknownOSName;
import redis.embedded.model.OsArchitecture;
import redis.embedded.util.IOSupplier;

/** A {@code redis-server} that runs on this machine. */
final class RedisBinary {

    private static final int VERSION_WITHIN_SECONDS = 10;

    private RedisBinary() {}

    /**
     * The one for this platform; where it does not run, on a Linux without OpenSSL 3 for example, one that is linked statically;
     * else the one that is installed.
     *
     * @param directory takes what is unpacked
     */
    static Path find(Path directory) {
        return firstThatRuns(List.of(
                () -> ExecutableProvider.newJarResourceProvider(directory.toFile())
                        .get(),
                () -> staticallyLinked(directory).get(),
                () -> ExecutableProvider.newExecutableInPath("redis-server").get()));
    }

    static Path firstThatRuns(List<IOSupplier<File>> candidates) {
        for (IOSupplier<File> candidate : candidates) {
            try {
                Path binary = candidate.get().toPath().toAbsolutePath();
                if (runs(binary)) {
                    return binary;
                }
            } catch (IOException | OsArchitectureNotFound | UnknownOSName e) {
                // There is none; the next may be there.
            }
        }
        throw new ServerStartException(
                "redis could not be started: there are binaries for Linux (x86-64, arm64) and macOS, and none of them runs on"
                        + " this %s (%s). Install Redis 6.2 or newer, so that redis-server is on the PATH"
                                .formatted(System.getProperty("os.name"), System.getProperty("os.arch")),
                null);
    }

    private static ExecutableProvider staticallyLinked(Path directory) {
        String linux32 = ExecutableProvider.newProvidedVersionsMap().get(OsArchitecture.UNIX_x86);
        return ExecutableProvider.newJarResourceProvider(
                directory::toFile, Map.of(OsArchitecture.detectOSandArchitecture(), linux32));
    }

    private static boolean runs(Path binary) throws IOException {
        if (!Files.isExecutable(binary)) {
            return false;
        }
        Process version = new ProcessBuilder(binary.toString(), "--version")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            return version.waitFor(VERSION_WITHIN_SECONDS, TimeUnit.SECONDS) && version.exitValue() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerStartException("redis was interrupted while it started", e);
        } finally {
            version.destroyForcibly();
        }
    }
}
