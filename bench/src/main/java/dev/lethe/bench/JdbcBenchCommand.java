package dev.lethe.bench;

import dev.lethe.cli.LetheCommand;
import dev.lethe.cli.Table;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures the {@code jdbc} store on a PostgreSQL of its own, in a JVM of its own with little memory. */
@Command(
        name = "jdbc",
        description = {
            "Measure the jdbc store on a PostgreSQL that is started for it, fsync on and defaults otherwise.",
            "",
            "Takes a few minutes, with --full an hour and 10 GB of disk. Nothing else should be running."
        },
        mixinStandardHelpOptions = true)
final class JdbcBenchCommand implements LetheCommand {
    private static final String HEAP = "-Xmx128m";

    /** What can be measured. */
    enum Part {
        RATE,
        FLATNESS,
        LARGE
    }

    @Spec
    @SuppressWarnings("NullAway.Init") // filled by picocli
    private CommandSpec spec;

    @Option(names = "--full", description = "Up to 3 million customers, and a person with 2 million rows.")
    private boolean full;

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "PART",
            description = "Some measurements alone: ${COMPLETION-CANDIDATES}.")
    private Set<Part> only = EnumSet.allOf(Part.class);

    @Option(
            names = "--results",
            paramLabel = "FILE",
            description = "Where the figures go as JSON (default: ${DEFAULT-VALUE}).",
            defaultValue = "bench/results/jdbc.json")
    private Path results = Path.of("bench/results/jdbc.json");

    @Option(names = "--in-this-jvm", hidden = true)
    private boolean inThisJvm;

    @Override
    public Integer call() throws Exception {
        return inThisJvm ? measure() : inAnotherJvm();
    }

    private int inAnotherJvm() throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                HEAP,
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.lethe.cli.Lethe"));
        command.addAll(
                spec.commandLine().getParent().getParent().getParseResult().originalArgs());
        command.add("--in-this-jvm");
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    private int measure() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter progress = spec.commandLine().getErr();
        var report = new Report();
        try (var database = new Database()) {
            report.environment(database, full);
            if (only.contains(Part.RATE)) {
                new RateMeasurement(database, full, progress).run(report);
            }
            if (only.contains(Part.FLATNESS)) {
                new FlatnessMeasurement(database, full, progress).run(report);
            }
            if (only.contains(Part.LARGE)) {
                new LargeSubjectMeasurement(database, full, progress).run(report);
            }
        }
        report.notes().forEach(note -> out.println(Table.printable(note)));
        report.table().print(out);
        report.write(results);
        return 0;
    }
}
