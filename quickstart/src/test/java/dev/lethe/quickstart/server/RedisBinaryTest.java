package dev.lethe.quickstart.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.embedded.error.UnknownOSName;
import redis.embedded.util.IOSupplier;

class RedisBinaryTest {

    @TempDir
    Path directory;

    @Test
    void passesOverWhatIsNotThereAndWhatDoesNotRun() throws IOException {
        Path good = script("good", "exit 0");

        Path found = RedisBinary.firstThatRuns(
                List.of(missing(), unknownPlatform(), script("lacks-a-library", "exit 127")::toFile, good::toFile));

        assertThat(found).isEqualTo(good);
    }

    @Test
    void passesOverABinaryOfAnotherPlatform() throws IOException {
        Path foreign = directory.resolve("foreign");
        Files.write(foreign, new byte[] {1, 2, 3});
        assertThat(foreign.toFile().setExecutable(true)).isTrue();
        Path good = script("good", "exit 0");

        assertThat(RedisBinary.firstThatRuns(List.of(foreign::toFile, good::toFile)))
                .isEqualTo(good);
    }

    @Test
    void saysForWhichPlatformsThereIsOneAndWhatToDoOnOthers() {
        assertThatThrownBy(() -> RedisBinary.firstThatRuns(List.of(missing(), unknownPlatform())))
                .isInstanceOf(ServerStartException.class)
                .hasMessageContaining("binaries for Linux (x86-64, arm64) and macOS")
                .hasMessageContaining(System.getProperty("os.arch"))
                .hasMessageContaining("Install Redis 6.2 or newer");
    }

    private Path script(String name, String line) throws IOException {
        Path script = Files.writeString(directory.resolve(name), "#!/bin/sh\n" + line + "\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        return script;
    }

    private static IOSupplier<File> missing() {
        return () -> {
            throw new FileNotFoundException();
        };
    }

    private static IOSupplier<File> unknownPlatform() {
        return () -> {
            throw new UnknownOSName("Plan 9");
        };
    }
}
