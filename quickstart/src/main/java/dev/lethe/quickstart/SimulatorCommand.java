package dev.lethe.quickstart;

import dev.lethe.cli.CommandFailedException;
import dev.lethe.cli.LetheCommand;
import dev.lethe.cli.ServiceProcess;
import dev.lethe.quickstart.fusionauth.FusionAuthSimulator;
import dev.lethe.quickstart.fusionauth.Kickstart;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lethe fusionauth-simulator}. */
@Command(
        name = "fusionauth-simulator",
        mixinStandardHelpOptions = true,
        description = {
            "Run a simulated FusionAuth, set up by a kickstart file: users, their deletion, and the webhooks that may prevent"
                    + " it. In memory: what it knows is gone when it stops. For trying Lethe where FusionAuth can't be had.",
            ""
        })
public final class SimulatorCommand implements LetheCommand {
    @Spec
    @SuppressWarnings("NullAway.Init") // filled by picocli
    private CommandSpec spec;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "Where it listens (default: ${DEFAULT-VALUE}); 0.0.0.0 is every interface.")
    private String host = "";

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "9011",
            description = "The port (default: ${DEFAULT-VALUE}); 0 takes a free one.")
    private int port;

    @Option(
            names = "--kickstart",
            paramLabel = "FILE",
            required = true,
            description = "FusionAuth's kickstart file; #{ENV.NAME} in it is an environment variable.")
    private Path file = Path.of("kickstart.json");

    @Override
    public Integer call() throws CommandFailedException, InterruptedException {
        FusionAuthSimulator simulator;
        try {
            simulator = Kickstart.read(file, System.getenv()).start(host, port);
        } catch (IOException e) {
            throw new CommandFailedException("The kickstart file " + file + " can't be used: " + e.getMessage());
        }
        spec.commandLine().getOut().println("A simulated FusionAuth is at " + simulator.url());
        spec.commandLine().getOut().flush();
        return ServiceProcess.runUntilStopped("FusionAuth simulator", simulator);
    }
}
