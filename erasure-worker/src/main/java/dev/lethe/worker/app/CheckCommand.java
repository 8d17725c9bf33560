package dev.lethe.worker.app;

import dev.lethe.cli.JsonText;
import dev.lethe.cli.LetheCommand;
import dev.lethe.config.MisconfiguredException;
import dev.lethe.kafka.KafkaClients;
import dev.lethe.keys.KeyFile;
import dev.lethe.keys.KeyFile.KeyFileException;
import dev.lethe.worker.check.CheckReport;
import dev.lethe.worker.check.CheckText;
import dev.lethe.worker.check.Diagram;
import dev.lethe.worker.check.LogCheck;
import dev.lethe.worker.check.ProviderCheck;
import dev.lethe.worker.check.StoreCheck;
import dev.lethe.worker.forget.ForgetCheck;
import dev.lethe.worker.forget.ForgetReport;
import dev.lethe.worker.forget.KnownIdentifiers;
import dev.lethe.worker.store.ErasureStore;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lethe check}. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = {
            "Say what would happen to whoever is erased, and what stands in the way. Connects to Kafka, to every store"
                    + " of a worker's configuration, and to the identity provider of its 'confirmation', and changes"
                    + " nothing.",
            "",
            "For each store: the targets in the order in which they are erased, what is done to them, and on which"
                    + " path a person is found there; then what stays as it is, and why. Marked with",
            "",
            "  ✗  what would stop an erasure: a missing privilege, table, topic, …",
            "  !  what would make it stall: a large table without an index",
            "  ?  what deserves a look, such as personal data that is not mapped",
            "",
            "What 'lethe worker' would refuse to start with, it finds, too. Workers need not be stopped.",
            ""
        },
        footer = {
            "",
            "Exit codes: 0 nothing stands in the way; 1 something would stop or stall an erasure; 2 misused or"
                    + " misconfigured.",
            "",
            "Examples:",
            "  ./lethe check --config worker.yaml",
            "  ./lethe check --config worker.yaml --diagram > erasure.mmd",
            "  ./lethe check --config worker.yaml --sample 913a… --tenant 3066…"
        })
public final class CheckCommand implements LetheCommand {
    @Spec
    @SuppressWarnings("NullAway.Init") // filled by picocli
    private CommandSpec spec;

    @Mixin
    private WorkerFile file = new WorkerFile();

    @Option(names = "--sql", description = "Print the statements of each target, too.")
    private boolean statements;

    @Option(
            names = "--sample",
            paramLabel = "USER_ID",
            description = "Count what this person has, by target. Identifiers besides the user id are taken from the"
                    + " person's newest request in the log; none is printed.")
    private @Nullable String sample;

    @Option(names = "--tenant", paramLabel = "ID", description = "The tenant of the person of --sample.")
    private @Nullable String tenant;

    @Option(
            names = "--identifier",
            paramLabel = "NAME=VALUE",
            description = "A further identifier of the person of --sample, such as email=…; may be repeated.")
    private List<String> identifiers = List.of();

    @Option(
            names = "--diagram",
            description =
                    "Print the graph instead, as a flowchart in Mermaid; what is marked with ✗ or ! goes to standard"
                            + " error.")
    private boolean diagram;

    @Option(names = "--json", description = "Print the result as one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws MisconfiguredException, InterruptedException {
        if (diagram && json) {
            throw misuse("--diagram and --json exclude each other");
        }
        if (sample == null && (tenant != null || !identifiers.isEmpty())) {
            throw misuse("--tenant and --identifier are about the person of --sample USER_ID");
        }
        if ((sample != null && sample.isBlank()) || (tenant != null && tenant.isBlank())) {
            throw misuse("--sample and --tenant must not be blank");
        }
        Map<String, List<String>> given = GivenIdentifiers.parse(identifiers, spec.commandLine());
        WorkerConfig worker = file.load().config();
        CheckReport report = check(worker, given);
        print(report);
        return report.hindrances().isEmpty() ? 0 : 1;
    }

    private CheckReport check(WorkerConfig worker, Map<String, List<String>> given)
            throws MisconfiguredException, InterruptedException {
        LogCheck log = LogCheck.ask(worker.kafka(), worker.durability(), worker.topics());
        ProviderCheck provider = worker.confirmation().isEmpty()
                ? null
                : ProviderCheck.ask(
                        worker.confirmation().get().type(),
                        worker.confirmation().get().opener());
        try (var stores = new OpenStores(worker)) {
            List<StoreCheck> plans = StoreCheck.ask(stores.byName());
            return new CheckReport(
                    keys(worker), log, provider, plans, sample == null ? null : count(worker, given, stores.byName()));
        }
    }

    private static @Nullable String keys(WorkerConfig worker) {
        try {
            KeyFile.load(worker.keys());
            return null;
        } catch (KeyFileException e) {
            return e.getMessage();
        }
    }

    private ForgetReport count(WorkerConfig worker, Map<String, List<String>> given, Map<String, ErasureStore> stores)
            throws KeyFileException {
        var person = KnownIdentifiers.of(
                Objects.requireNonNull(sample),
                tenant,
                given,
                KeyFile.load(worker.keys()),
                () -> KafkaClients.reader(worker.kafka(), "lethe-check"));
        return ForgetReport.of(person, ForgetCheck.ask(stores, person.subject()));
    }

    private void print(CheckReport report) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonText.of(report));
        } else if (diagram) {
            out.print(Diagram.of(report.stores()));
            report.hindrances().forEach(spec.commandLine().getErr()::println);
        } else {
            new CheckText(out, statements).print(report);
        }
        out.flush();
    }

    private ParameterException misuse(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
