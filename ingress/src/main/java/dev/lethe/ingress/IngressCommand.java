package dev.lethe.ingress;

import dev.lethe.cli.LetheCommand;
import dev.lethe.cli.ServiceProcess;
import dev.lethe.config.ConfigFile;
import dev.lethe.config.MisconfiguredException;
import java.nio.file.Path;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lethe ingress}. */
@Command(
        name = "ingress",
        mixinStandardHelpOptions = true,
        description = {
            "Run the ingress: receives FusionAuth's webhook on POST /webhook-user-delete, writes the request to Kafka, and"
                    + " acknowledges it once it is durably committed.",
            "",
            "Stops on SIGTERM after what is under way has been answered. Health is on the management port:"
                    + " /health/live and /health/ready.",
            ""
        })
public final class IngressCommand implements LetheCommand {
    private static final Logger log = LoggerFactory.getLogger(IngressCommand.class);

    @Option(
            names = "--config",
            paramLabel = "FILE",
            defaultValue = "ingress.yaml",
            description = "The configuration (default: ${DEFAULT-VALUE}); config/ingress.yaml is a commented example.")
    private Path config = Path.of("ingress.yaml");

    @Override
    public Integer call() throws MisconfiguredException, InterruptedException {
        ConfigFile<IngressConfig> file = ConfigFile.load(config, System.getenv(), IngressConfig::read);
        file.effective().forEach(line -> log.info("Config: {}", line));
        var ingress = new Ingress(file.config(), InstantSource.system());
        log.info("Ingress on port {}, management on port {}", ingress.port(), ingress.managementPort());
        return ServiceProcess.runUntilStopped("ingress", ingress);
    }
}
