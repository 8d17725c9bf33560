package dev.lethe.worker.app;

import dev.lethe.cli.JsonText;
import dev.lethe.cli.LetheCommand;
import dev.lethe.config.MisconfiguredException;
import dev.lethe.events.Keys;
import dev.lethe.kafka.KafkaClients;
import dev.lethe.keys.KeyFile;
import dev.lethe.worker.forget.ForgetCheck;
import dev.lethe.worker.forget.ForgetReport;
import dev.lethe.worker.forget.ForgetReport.StoreReport;
import dev.lethe.worker.forget.KnownIdentifiers;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lethe forget-check}. */
@Command(
        name = "forget-check",
        mixinStandardHelpOptions = true,
        description = {
            "Ask every configured store how much of one person is left. Counts, and changes nothing.",
            "",
            "Stores are asked with the user id, with the identifiers given, and with those that the person's newest"
                    + " request in the log holds, sealed. Which ones that were is printed; their values never are.",
            "",
            "A store that can't be asked is never 'nothing left': the reason is printed, and the exit code is 1.",
            ""
        },
        footer = {
            "",
            "Exit codes: 0 nothing is left, or only what has to be kept for a while; 1 something is, or a store can't be"
                    + " asked; 2 misused or misconfigured.",
            "",
            "Example:",
            "  ./lethe forget-check --tenant 3066… --subject 913a… \\",
            "      --identifier email=ann@example.org"
        })
public final class ForgetCheckCommand implements LetheCommand {
    @Spec
    @SuppressWarnings("NullAway.Init") // filled by picocli
    private CommandSpec spec;

    @Mixin
    private WorkerFile file = new WorkerFile();

    @Option(names = "--subject", paramLabel = "USER_ID", required = true, description = "The person's user id.")
    private String subject = "";

    @Option(names = "--tenant", paramLabel = "ID", description = "The tenant that the person belonged to.")
    private @Nullable String tenant;

    @Option(
            names = "--identifier",
            paramLabel = "NAME=VALUE",
            description = "A further identifier, such as email=…; may be repeated.")
    private List<String> identifiers = List.of();

    @Option(names = "--json", description = "Print the result as one JSON object, in the last line.")
    private boolean json;

    @Override
    public Integer call() throws MisconfiguredException {
        if (subject.isBlank() || (tenant != null && tenant.isBlank())) {
            throw misuse("--subject and --tenant must not be blank");
        }
        Map<String, List<String>> given = GivenIdentifiers.parse(identifiers, spec.commandLine());
        WorkerConfig worker = file.load().config();
        Keys keys = KeyFile.load(worker.keys());
        PrintWriter err = spec.commandLine().getErr();
        err.println("Looking for the person's newest request in the log, then asking the stores");
        err.flush();
        var person = KnownIdentifiers.of(
                subject, tenant, given, keys, () -> KafkaClients.reader(worker.kafka(), "lethe-forget-check"));
        try (var stores = new OpenStores(worker)) {
            ForgetReport report = ForgetReport.of(person, ForgetCheck.ask(stores.byName(), person.subject()));
            print(report);
            return report.nothingIsLeft() ? 0 : 1;
        }
    }

    private void print(ForgetReport report) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonText.of(report));
            out.flush();
            return;
        }
        out.println("Subject " + report.subjectKey() + ", looked up by " + String.join(", ", report.identifiers())
                + " (from " + report.identifiersFrom() + ")");
        for (StoreReport store : report.stores()) {
            if (store.items() == null) {
                out.printf("  %-20s can't be asked: %s: %s%n", store.store(), store.code(), store.message());
            } else {
                Map<String, Long> retained = store.retained() == null ? Map.of() : store.retained();
                store.items()
                        .forEach((target, items) -> out.printf(
                                Locale.ROOT,
                                "  %-20s %-30s %8d%s%n",
                                store.store(),
                                target,
                                items,
                                retained.containsKey(target)
                                        ? ", and %d to be kept".formatted(retained.get(target))
                                        : ""));
            }
        }
        if (report.nothingIsLeft()) {
            out.println(
                    report.kept() == 0
                            ? "Nothing is left."
                            : "Nothing is left but what has to be kept for a while: " + report.kept());
        } else if (report.remaining() > 0) {
            out.println(report.remaining() + " items are left.");
        }
        if (!report.unknown().isEmpty()) {
            out.println("It is not known what else is left:");
            report.unknown().forEach(reason -> out.println("  " + reason));
        }
        out.flush();
    }

    private ParameterException misuse(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
