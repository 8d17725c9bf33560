package dev.lethe.bench;

import dev.lethe.cli.LetheCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures stores. */
@Command(
        name = "bench",
        description = "Measure how fast a store is, next to what its server could do at best.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        subcommands = JdbcBenchCommand.class)
public final class BenchCommand implements LetheCommand {
    @Spec
    @SuppressWarnings("NullAway.Init") // filled by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "Name what to measure.");
    }
}
