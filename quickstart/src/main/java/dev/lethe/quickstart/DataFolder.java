package dev.lethe.quickstart;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Where everything is kept: a folder of the user's, or a temporary one that is deleted at the end. */
record DataFolder(Path path, boolean isTemporary) implements AutoCloseable {
    static DataFolder at(@Nullable Path chosen) throws IOException {
        if (chosen == null) {
            return new DataFolder(Files.createTempDirectory("lethe-quickstart-"), true);
        }
        return new DataFolder(Files.createDirectories(chosen.toAbsolutePath().normalize()), false);
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
