package dev.lethe.ledger.app;

import dev.lethe.config.ConfigFile;
import dev.lethe.config.MisconfiguredException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option of every command that works with what the ledger is configured with. */
final class LedgerFile {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            defaultValue = "ledger.yaml",
            description = "The ledger's configuration (default: ${DEFAULT-VALUE}); config/ledger.yaml is a commented"
                    + " example.")
    private Path config = Path.of("ledger.yaml");

    ConfigFile<LedgerConfig> load() throws MisconfiguredException {
        return ConfigFile.load(config, System.getenv(), LedgerConfig::read);
    }
}
