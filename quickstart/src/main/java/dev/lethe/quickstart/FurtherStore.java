package dev.lethe.quickstart;

import dev.lethe.quickstart.sample.Person;
import dev.lethe.quickstart.sample.SampleStore;
import dev.lethe.quickstart.server.PostgresServer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Future;
import java.util.function.IntUnaryOperator;

/** A store that an {@link Installation} has besides its two databases, if it is asked for: its server and what is in it. */
interface FurtherStore extends AutoCloseable {
    /** Starts and fills one, while other servers start. */
    @FunctionalInterface
    interface Start {
        FurtherStore at(Site site) throws Exception;
    }

    /**
     * Where it is to be.
     *
     * @param directory holds everything of the installation
     * @param ports chooses a port where another is usual
     * @param people those who leave traces
     * @param postgres may have to be waited for
     * @param progress is told what has started
     */
    record Site(
            Path directory,
            IntUnaryOperator ports,
            List<Person> people,
            Future<PostgresServer> postgres,
            Progress progress) {}

    /** What the worker's configuration calls it. */
    String name();

    /** Its section in the worker's configuration, without the name. */
    String yaml();

    SampleStore contents();

    @Override
    void close();
}
