package dev.lethe.quickstart;

import dev.lethe.cli.LetheCommand;
import dev.lethe.cli.ServiceProcess;
import dev.lethe.quickstart.server.KafkaServer;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lethe kafka}. */
@Command(
        name = "kafka",
        mixinStandardHelpOptions = true,
        description = {
            "Run a real Kafka broker, small, and on 127.0.0.1 alone. For trying Lethe with stores of your own where there is"
                    + " no Kafka yet. Ctrl-C stops it.",
            ""
        })
public final class KafkaCommand implements LetheCommand {
    @Spec
    @SuppressWarnings("NullAway.Init") // filled by picocli
    private CommandSpec spec;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "9092",
            description = "The port (default: ${DEFAULT-VALUE}); 0 takes a free one.")
    private int port;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "kafka-data",
            description = "Where data is kept between runs (default: ${DEFAULT-VALUE}).")
    private Path data = Path.of("kafka-data");

    @Override
    public Integer call() throws Exception {
        try (var folder = DataFolder.at(data)) {
            var kafka = KafkaServer.start(folder.path(), port, Map.of());
            spec.commandLine()
                    .getOut()
                    .println("Kafka is at " + kafka.bootstrapServers() + ", its data in " + folder.path());
            spec.commandLine().getOut().flush();
            int code = ServiceProcess.runUntilStopped("Kafka", kafka, kafka.onExit());
            if (code != 0) {
                spec.commandLine()
                        .getErr()
                        .println("The broker has ended by itself, as one does whose disk is full; " + kafka.log()
                                + " says why. Start it again: what was acknowledged is there.");
            }
            return code;
        }
    }
}
