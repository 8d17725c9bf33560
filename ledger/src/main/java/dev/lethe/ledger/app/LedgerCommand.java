package dev.lethe.ledger.app;

import dev.lethe.cli.LetheCommand;
import dev.lethe.cli.ServiceProcess;
import dev.lethe.config.ConfigFile;
import dev.lethe.config.MisconfiguredException;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code lethe ledger}. */
@Command(
        name = "ledger",
        mixinStandardHelpOptions = true,
        description = {
            "Run the ledger: what became of every request, in PostgreSQL, with proof.",
            "",
            "Reads the topics and holds nothing up: it can be down, and catches up. Its database can be dropped, and"
                    + " is made again from the topic erasure.journal. Stops on SIGTERM. Health is on the management port:"
                    + " /health/live and /health/ready.",
            ""
        })
public final class LedgerCommand implements LetheCommand {
    private static final Logger log = LoggerFactory.getLogger(LedgerCommand.class);

    @Mixin
    private LedgerFile file = new LedgerFile();

    @Override
    public Integer call() throws MisconfiguredException, InterruptedException {
        ConfigFile<LedgerConfig> read = file.load();
        read.effective().forEach(line -> log.info("Config: {}", line));
        var ledger = new Ledger(read.config(), InstantSource.system());
        log.info("Ledger of the stores {}, management on port {}", read.config().stores(), ledger.managementPort());
        return ServiceProcess.runUntilStopped("ledger", ledger);
    }
}
