package dev.lethe.quickstart;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import dev.lethe.config.MisconfiguredException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Where everything is kept: a folder of the user's, or a temporary one that is deleted at the end. One run at a time has it: a
 * second one would take the first one's servers for the remains of a crash.
 */
record DataFolder(Path path, boolean isTemporary, FileChannel lock) implements AutoCloseable {
    static final class UnusableFolderException extends MisconfiguredException {
        private static final long serialVersionUID = 1;

        UnusableFolderException(String message) {
            super(message);
        }
    }

    static DataFolder at(@Nullable Path chosen) throws IOException, UnusableFolderException {
        if (chosen == null) {
            Path folder = Files.createTempDirectory("lethe-quickstart-");
            return new DataFolder(folder, true, openLock(folder));
        }
        Path folder = chosen.toAbsolutePath().normalize();
        FileChannel lock;
        try {
            lock = openLock(Files.createDirectories(folder));
        } catch (IOException e) {
            throw new UnusableFolderException("--data: " + folder + " is no folder that can be written to");
        }
        if (lock.tryLock() == null) {
            lock.close();
            throw new UnusableFolderException(
                    "--data: another run uses " + folder + "; stop it, or name another folder");
        }
        return new DataFolder(folder, false, lock);
    }

    private static FileChannel openLock(Path folder) throws IOException {
        return FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    /** Sends the services' log to a file there, so that the screen stays legible. */
    Path logging() throws JoranException {
        var context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        context.putProperty("file", logFile().toString());
        var configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(Objects.requireNonNull(DataFolder.class.getResource("logback-quickstart.xml")));
        return path;
    }

    Path logFile() {
        return path.resolve("lethe.log");
    }

    @Override
    public void close() throws IOException {
        lock.close();
        if (isTemporary) {
            ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
            try (Stream<Path> files = Files.walk(path)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
