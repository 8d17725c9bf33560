package dev.lethe.quickstart;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lethe.cli.LetheCommand;
import dev.lethe.ingress.Ingress;
import dev.lethe.ledger.app.Ledger;
import dev.lethe.quickstart.Demonstration.Report;
import dev.lethe.quickstart.server.FreePort;
import dev.lethe.worker.app.Worker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lethe quickstart}. */
@Command(
        name = "quickstart",
        mixinStandardHelpOptions = true,
        description = {
            "See it work on this machine: starts a real Kafka broker, a real PostgreSQL with two databases full of fictional"
                    + " people, a real Redis with their sessions, a newsletter service that they read, ingress, worker, ledger and a"
                    + " FusionAuth simulator; deletes one user in FusionAuth; and shows what became of that person's rows, keys"
                    + " and subscriptions, and of everybody else's.",
            "",
            "Then it stays up, for you to try more. Ctrl-C stops everything it started. Everything listens on 127.0.0.1"
                    + " alone.",
            ""
        })
public final class QuickstartCommand implements LetheCommand {
    private static final int PEOPLE = 1000;
    /** Somebody with an apostrophe, or the like: see {@link dev.lethe.quickstart.sample.People}. */
    private static final int WHOM = 41;
    /** Somebody whom no suggestion is about. */
    private static final int WHOM_NOT = 40;

    @Spec
    @SuppressWarnings("NullAway.Init") // filled by picocli
    private CommandSpec spec;

    @Option(
            names = "--once",
            description = "Stop after the one deletion. Exit code 0 only if the stores, read back, hold nothing of the"
                    + " person and everything of everybody else's is as before.")
    private boolean once;

    @Option(names = "--json", description = "Print the result as one JSON object in the last line, too.")
    private boolean json;

    @Option(
            names = "--confirmation",
            description =
                    "Have FusionAuth confirm every deletion, after its commit, before anybody is erased; and show one"
                            + " that it rolls back, too.")
    private boolean confirmation;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Keep the data there between runs, one at a time (default: a temporary folder, deleted at the end).")
    private @Nullable Path data;

    private boolean rolledBackAsItShould = true;

    @Override
    public Integer call() throws Exception {
        var screen = new Screen(spec.commandLine().getOut());
        var signal = new StopSignal(() -> screen.say("Stopping ..."));
        try {
            Report report = run(screen, signal);
            screen.say("Stopped.");
            if (json) {
                screen.say(new ObjectMapper().writeValueAsString(report.summary()));
            }
            return report.isVerified() && rolledBackAsItShould ? 0 : 1;
        } catch (Exception e) {
            if (signal.isAsked()) {
                screen.say("Stopped.");
                return 0;
            }
            throw e;
        } finally {
            signal.stopped();
        }
    }

    private Report run(Screen screen, StopSignal signal) throws Exception {
        screen.title();
        Progress progress = screen::started;
        try (var folder = DataFolder.at(data);
                var installation = installation(folder, progress);
                Ingress ingress = progress.timed(
                        "ingress", installation::startIngress, started -> "127.0.0.1:" + started.port());
                Worker worker = progress.timed(
                        "worker",
                        installation::startWorker,
                        started -> "erases from "
                                + String.join(", ", started.stores().keySet()));
                Ledger ledger = progress.timed(
                        "ledger", installation::startLedger, started -> installation.consoleUrl() + "/console")) {
            Installation.awaitReady(ingress, worker);
            Installation.awaitReady(ledger);
            screen.ready(folder.path());
            Report report =
                    new Demonstration(installation).delete(installation.people().get(WHOM));
            screen.show(report);
            if (confirmation) {
                var rolledBack = new RolledBackDeletion(installation)
                        .watch(installation.people().get(WHOM_NOT));
                screen.show(rolledBack);
                rolledBackAsItShould = rolledBack.isVerified();
            }
            if (once) {
                screen.say("Stopping ...");
            } else {
                screen.suggest(installation);
                signal.await();
            }
            return report;
        }
    }

    private Installation installation(DataFolder folder, Progress progress) throws Exception {
        var installation = new Installation(
                folder.logging(), PEOPLE, FreePort::usually, progress, List.of(Sessions::start, Newsletter::start));
        try {
            if (confirmation) {
                installation.confirmDeletions();
            }
            return installation;
        } catch (IOException e) {
            installation.close();
            throw e;
        }
    }
}
