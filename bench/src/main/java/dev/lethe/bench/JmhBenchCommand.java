package dev.lethe.bench;

import dev.lethe.bench.micro.WireBenchmark;
import dev.lethe.cli.LetheCommand;
import dev.lethe.cli.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures single steps. */
@Command(
        name = "jmh",
        description = "Measure what it costs to encode, to decode, to seal and to open: two minutes.",
        mixinStandardHelpOptions = true)
final class JmhBenchCommand implements LetheCommand {
    @Spec
    @SuppressWarnings("NullAway.Init") // filled by picocli
    private CommandSpec spec;

    @Option(
            names = "--results",
            paramLabel = "FILE",
            description = "Where the figures go as JSON (default: ${DEFAULT-VALUE}).",
            defaultValue = "bench/results/jmh.json")
    private Path results = Path.of("bench/results/jmh.json");

    @Override
    public Integer call() throws Exception {
        Files.createDirectories(results.toAbsolutePath().getParent());
        var options = new OptionsBuilder()
                .include(WireBenchmark.class.getName())
                .verbosity(VerboseMode.SILENT)
                .resultFormat(ResultFormatType.JSON)
                .result(results.toString())
                .build();
        Collection<RunResult> measured = new Runner(options).run();
        var table = new Table("STEP", "MEAN", "± 99.9 %");
        for (RunResult run : measured) {
            Result<?> result = run.getPrimaryResult();
            table.row(
                    result.getLabel(),
                    String.format(Locale.ROOT, "%.2f µs", result.getScore()),
                    String.format(Locale.ROOT, "%.2f µs", result.getScoreError()));
        }
        table.print(spec.commandLine().getOut());
        return 0;
    }
}
