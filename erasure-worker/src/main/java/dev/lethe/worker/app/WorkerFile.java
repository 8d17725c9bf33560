package dev.lethe.worker.app;

import dev.lethe.config.ConfigFile;
import dev.lethe.config.MisconfiguredException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every command that works with what workers are configured with. */
final class WorkerFile {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            defaultValue = "worker.yaml",
            description = "The workers' configuration (default: ${DEFAULT-VALUE}); config/worker.yaml is a commented"
                    + " example.")
    private Path config = Path.of("worker.yaml");

    @Option(
            names = "--plugins",
            paramLabel = "DIR",
            description = "A folder of jars with further kinds of store, and what those need;"
                    + " docs/write-a-store.md says how to write one.")
    private @Nullable Path plugins;

    Path config() {
        return config;
    }

    Optional<Path> plugins() {
        return Optional.ofNullable(plugins);
    }

    ConfigFile<WorkerConfig> load() throws MisconfiguredException {
        StoreKinds kinds = plugins == null ? StoreKinds.builtIn() : StoreKinds.with(plugins);
        return ConfigFile.load(config, System.getenv(), file -> WorkerConfig.read(file, kinds));
    }
}
