package dev.lethe.bench;

import dev.lethe.cli.LetheCommand;
import dev.lethe.cli.Table;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures the ledger: how soon a dropped database is there again, and how soon its questions are answered. */
@Command(
        name = "ledger",
        description = {
            "Measure the ledger on a broker and a PostgreSQL that are started for it, on this machine.",
            "",
            "Fills the topics, lets a ledger note them, has another read them again into an empty database, compares"
                    + " both, and asks what the console asks. Takes about a quarter of an hour and 6 GB of disk. Nothing"
                    + " else should be running."
        },
        mixinStandardHelpOptions = true)
final class LedgerBenchCommand implements LetheCommand {
    @Spec
    @SuppressWarnings("NullAway.Init") // filled by picocli
    private CommandSpec spec;

    @Option(
            names = "--requests",
            paramLabel = "NUMBER",
            description = "How many, with two outcomes each (default: ${DEFAULT-VALUE}).",
            defaultValue = "1000000")
    private int requests = 1_000_000;

    @Option(
            names = "--results",
            paramLabel = "DIR",
            description = "Where figures go as JSON, and a plot as SVG (default: ${DEFAULT-VALUE}).",
            defaultValue = "bench/results")
    private Path results = Path.of("bench/results");

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        var report = new Report();
        Path folder = Files.createTempDirectory("lethe-bench-ledger");
        try (var database = new Database();
                var site = new LedgerBenchSite(folder, database)) {
            report.environment(database, requests >= 1_000_000);
            report.note("requests: " + requests + ", with two outcomes each");
            new LedgerMeasurement(site, requests, spec.commandLine().getErr()).run(report);
        }
        report.notes().forEach(note -> out.println(Table.printable(note)));
        report.table().print(out);
        report.write(results.resolve("ledger.json"));
        Plots.write(report, results);
        return 0;
    }
}
