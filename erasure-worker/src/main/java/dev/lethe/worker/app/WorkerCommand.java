package dev.lethe.worker.app;

import dev.lethe.cli.LetheCommand;
import dev.lethe.cli.ServiceProcess;
import dev.lethe.config.ConfigFile;
import dev.lethe.config.MisconfiguredException;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lethe worker}. */
@Command(
        name = "worker",
        mixinStandardHelpOptions = true,
        description = {
            "Run a worker: takes erasure requests from Kafka and erases them from every configured store. Start as many as"
                    + " you like; they share the work.",
            "",
            "Stops on SIGTERM: finishes the batch in hand or gives it back, commits, and leaves its groups. Health is on"
                    + " the management port: /health/live and /health/ready.",
            ""
        })
public final class WorkerCommand implements LetheCommand {
    private static final Logger log = LoggerFactory.getLogger(WorkerCommand.class);

    @Mixin
    private WorkerFile file = new WorkerFile();

    @Option(
            names = "--stores",
            split = ",",
            paramLabel = "NAME",
            description = "Erase from these stores only (default: from all that are configured).")
    private List<String> stores = List.of();

    @Spec
    @SuppressWarnings("NullAway.Init") // filled by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws MisconfiguredException, InterruptedException {
        ConfigFile<WorkerConfig> read = file.load();
        read.effective().forEach(line -> log.info("Config: {}", line));
        var worker = new Worker(chosen(read.config()), InstantSource.system());
        log.info("Worker erases from {}, management on port {}", worker.stores().keySet(), worker.managementPort());
        return ServiceProcess.runUntilStopped("worker", worker);
    }

    private WorkerConfig chosen(WorkerConfig all) {
        try {
            return stores.isEmpty() ? all : all.only(stores);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--stores: " + e.getMessage());
        }
    }
}
