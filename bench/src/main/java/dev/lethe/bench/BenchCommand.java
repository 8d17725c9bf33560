package dev.lethe.bench;

import dev.lethe.cli.LetheCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures the pipeline. */
@Command(
        name = "bench",
        description = {
            "Measure how fast Lethe is, each figure next to the limit that was measured in the same run.",
            "",
            "Starts Kafka, PostgreSQL and the services on this machine, takes a quarter of an hour, and nothing else should be running. "
                    + "Explained in docs/performance.md."
        },
        mixinStandardHelpOptions = true,
        subcommands = {JdbcBenchCommand.class, LedgerBenchCommand.class, JmhBenchCommand.class})
public final class BenchCommand implements LetheCommand {
    /** What can be measured. */
    enum Part {
        FOOTPRINT,
        GONE,
        ACKNOWLEDGEMENTS,
        BACKLOG,
        HANDLER,
        SCALE;

        private Measurement measurement() {
            return switch (this) {
                case FOOTPRINT -> new FootprintMeasurement();
                case GONE -> new GoneMeasurement();
                case ACKNOWLEDGEMENTS -> new AcknowledgementMeasurement();
                case BACKLOG -> new BacklogMeasurement();
                case HANDLER -> new HandlerMeasurement();
                case SCALE -> new ScaleMeasurement();
            };
        }
    }

    @Spec
    @SuppressWarnings("NullAway.Init") // filled by picocli
    private CommandSpec spec;

    @Option(names = "--full", description = "More and longer rounds, and a larger backlog: an hour.")
    private boolean full;

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "PART",
            description = "Some measurements alone: ${COMPLETION-CANDIDATES}.")
    private Set<Part> only = EnumSet.allOf(Part.class);

    @Option(
            names = "--profile",
            description =
                    "Record the services by JDK Flight Recorder, which costs a little; recordings go to the results.")
    private boolean profile;

    @Option(
            names = "--results",
            paramLabel = "DIR",
            description = "Where figures go as JSON, and plots as SVG (default: ${DEFAULT-VALUE}).",
            defaultValue = "bench/results")
    private Path results = Path.of("bench/results");

    @Override
    public Integer call() throws Exception {
        PrintWriter progress = spec.commandLine().getErr();
        Files.createDirectories(results);
        var reports = new ArrayList<Report>();
        Path folder = Files.createTempDirectory("lethe-bench");
        try {
            for (Part part : only) {
                String name = part.name().toLowerCase(Locale.ROOT);
                var report = new Report();
                report.environment(full);
                part.measurement()
                        .run(new Run(
                                Files.createDirectory(folder.resolve(name)), full, profile, results, progress, report));
                report.write(results.resolve(name + ".json"));
                Plots.write(report, results);
                reports.add(report);
            }
        } finally {
            delete(folder);
        }
        if (reports.size() == Part.values().length) {
            Files.writeString(results.resolve("README.md"), Report.page(reports));
        }
        Report.table(reports).print(spec.commandLine().getOut());
        return 0;
    }

    private static void delete(Path folder) throws IOException {
        List<Path> paths;
        try (Stream<Path> all = Files.walk(folder)) {
            paths = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.deleteIfExists(path);
        }
    }
}
