package dev.lethe.quickstart.ops;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lethe.cli.LetheCommand;
import dev.lethe.config.MisconfiguredException;
import dev.lethe.quickstart.Installation;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/** A command run in this process with an installation's configuration, as somebody does who is no terminal. */
public record OpsCommand(int exitCode, String out, String err) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param arguments the first may be the name of a subcommand */
    public static OpsCommand run(LetheCommand command, Installation installation, String... arguments) {
        return run(command, installation.workerConfigFile(), arguments);
    }

    /** The same with another configuration. */
    static OpsCommand run(LetheCommand command, Path config, String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--config", config.toString()));
        var out = new StringWriter();
        var err = new StringWriter();
        int exitCode = new CommandLine(command)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .setExecutionExceptionHandler((exception, failed, parsed) -> {
                    failed.getErr().println(exception.getMessage());
                    return exception instanceof MisconfiguredException ? 2 : 1;
                })
                .execute(all.toArray(String[]::new));
        return new OpsCommand(exitCode, out.toString(), err.toString());
    }

    /** What it printed under {@code --json}, a document per line. */
    public List<JsonNode> documents() {
        return out.lines().map(OpsCommand::parse).toList();
    }

    private static JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException(line, e);
        }
    }
}
