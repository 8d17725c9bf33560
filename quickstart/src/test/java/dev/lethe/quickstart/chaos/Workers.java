package dev.lethe.quickstart.chaos;

import dev.lethe.quickstart.Installation;
import dev.lethe.quickstart.LetheProcess;
import dev.lethe.quickstart.server.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;

/** Several workers of one installation: the same configuration, but for what has to differ. */
final class Workers {
    private final Installation installation;
    private final String configuration;

    /** @param more lines behind the configuration that the installation made */
    Workers(Installation installation, String more) throws IOException {
        this.installation = installation;
        this.configuration = Files.readString(installation.workerConfigFile()) + more;
    }

    private Workers(Installation installation, String configuration, boolean complete) {
        this.installation = installation;
        this.configuration = configuration;
    }

    /** The same with another text in place of this one, which stands in the configuration. */
    Workers with(String present, String other) {
        if (!configuration.contains(present)) {
            throw new IllegalArgumentException("not in the configuration: " + present);
        }
        return new Workers(installation, configuration.replace(present, other), true);
    }

    /**
     * Starts one.
     *
     * @param name of its configuration and its log
     * @param more lines behind the configuration
     */
    Service start(String name, String more) throws IOException {
        int port = FreePort.any();
        Path file = installation.directory().resolve(name + ".yaml");
        Files.writeString(
                file,
                configuration.replaceFirst(
                                "(?m)^management: .*$",
                                Matcher.quoteReplacement("management: { host: 127.0.0.1, port: %d }".formatted(port)))
                        + more);
        Path log = installation.directory().resolve(name + ".log");
        return new Service(() -> LetheProcess.start(log, "worker", "--config", file.toString()), port);
    }
}
