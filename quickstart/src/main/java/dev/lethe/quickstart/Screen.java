package dev.lethe.quickstart;

import dev.lethe.events.Outcome.TargetOutcome;
import dev.lethe.quickstart.Demonstration.Report;
import dev.lethe.quickstart.sample.Person;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.UUID;
import picocli.CommandLine.Help.Ansi;

/** What the quickstart prints; in colour on a terminal. */
final class Screen {
    private final PrintWriter out;
    private final long begun = System.nanoTime();

    Screen(PrintWriter out) {
        this.out = out;
    }

    void say(String line) {
        out.println(line);
        out.flush();
    }

    void title() {
        styled("@|bold Lethe quickstart|@: real servers on 127.0.0.1, fictional people. Starting ...");
        say("");
    }

    synchronized void started(String what, String detail, Duration took) {
        String time = took.isZero() ? "" : seconds(took);
        styled(String.format(Locale.ROOT, "  @|green ✓|@ %-22s %7s   %s", what, time, detail));
    }

    void ready(Path folder) {
        say("");
        say("Ready after " + seconds(Duration.ofNanos(System.nanoTime() - begun)) + ". Data and logs: " + folder);
    }

    void show(Report report) {
        say("");
        styled("@|bold A user is deleted in FusionAuth|@");
        say("  GET    /api/user/" + report.person().id() + ": " + report.known());
        say("  DELETE /api/user/" + report.person().id() + "?hardDelete=true");
        if (report.status() == 200) {
            styled("  @|green 200|@ after " + report.acknowledged().toMillis()
                    + " ms. FusionAuth asked the ingress first, and the ingress agreed once the request");
            say("  was committed to Kafka. The last trace was gone "
                    + report.erased().toMillis() + " ms later.");
        } else {
            styled("  @|red " + report.status()
                    + "|@: FusionAuth rolled the delete back, because its webhook did not agree.");
        }
        say("");
        styled("@|bold What the stores held of this person, and hold now|@");
        styled("  @|underline store       target              before   now|@");
        for (Demonstration.Target target : report.targets()) {
            String mark = target.after() == 0 ? "@|green %5d|@" : "@|red %5d|@";
            styled(String.format(
                    Locale.ROOT,
                    "  %-11s %-18s %7d " + mark,
                    target.store(),
                    target.name(),
                    target.before(),
                    target.after()));
        }
        say("");
        styled("@|bold What Lethe reports|@ (topic erasure.outcomes: counts and a pseudonym, no name)");
        report.outcomes()
                .forEach((store, outcome) -> say(String.format(
                        Locale.ROOT,
                        "  %-11s %s: %s",
                        store,
                        outcome.status(),
                        String.join(
                                ", ",
                                outcome.targets().stream().map(Screen::describe).toList()))));
        if (report.outcomes().isEmpty()) {
            styled("  @|red nothing|@");
        }
        say("");
        styled(
                report.neighboursUntouched()
                        ? "@|green ✓|@ Everybody else's " + report.neighbours()
                                + " rows, keys and members are byte for byte as before."
                        : "@|red ✗ Something of somebody else has changed.|@");
        styled(report.isVerified() ? "@|green ✓|@ Verified by reading the stores back." : "@|red ✗ Not verified.|@");
    }

    void show(RolledBackDeletion.Report report) {
        say("");
        styled("@|bold Another deletion is rolled back|@, because somebody else's webhook fails");
        say("  DELETE /api/user/" + report.person().id() + "?hardDelete=true: " + report.status());
        say("  GET    /api/user/" + report.person().id() + ": " + report.known()
                + ". The ingress had agreed, and the worker");
        say("  asked FusionAuth whether the user is gone, again and again. What it reports then:");
        styled(report.outcome()
                .map(outcome -> "  " + outcome.store() + "  @|bold " + outcome.status() + "|@ after "
                        + outcome.attempt() + " looks: nothing was erased")
                .orElse("  @|red nothing|@"));
        styled(
                report.isVerified()
                        ? "@|green ✓|@ The user's " + report.rows()
                                + " rows are still there, byte for byte, and so are all others."
                        : "@|red ✗ Not verified.|@");
    }

    void suggest(Installation installation) {
        Person next = installation.people().get(42);
        String fusionAuth = installation.fusionAuth().url();
        String key = installation.fusionAuth().apiKey();
        say("");
        styled("@|bold Try next|@ (everything stays up until Ctrl-C)");
        say("  # what became of everybody, with proof; sign in with this token");
        say("  open " + installation.consoleUrl() + "/console    " + installation.operatorToken());
        say("  # look at another user, and delete it; a second look says 404");
        say("  curl -i -H 'Authorization: " + key + "' " + fusionAuth + "/api/user/" + next.id());
        say("  curl -i -X DELETE -H 'Authorization: " + key + "' '" + fusionAuth + "/api/user/" + next.id()
                + "?hardDelete=true'");
        say("  # is anything left of that user, in any store?");
        say("  ./lethe forget-check --config " + installation.workerConfigFile() + " --tenant " + Installation.TENANT
                + " --subject " + next.id());
        say("  # speak to the ingress as FusionAuth does");
        say("  curl -i -H 'Authorization: " + installation.ingressKey() + "' -H 'Content-Type: application/json' \\");
        say("    -d '{\"event\":{\"id\":\"" + UUID.randomUUID() + "\",\"type\":\"user.delete\",\"tenantId\":\""
                + Installation.TENANT + "\",\"user\":{\"id\":\""
                + installation.people().get(43).id() + "\"}}}' \\");
        say("    " + installation.webhookUrl());
        say("  # what would happen to anybody, in each store, and does anything stand in the way?");
        say("  ./lethe check --config " + installation.workerConfigFile());
        say("  # is the ingress ready? how far are the lanes?");
        say("  curl http://127.0.0.1:" + installation.ingressManagementPort() + "/health/ready");
        say("  ./lethe lanes --config " + installation.workerConfigFile() + " --worker http://127.0.0.1:"
                + installation.workerManagementPort());
        say("  # the services' log and their configuration");
        say("  tail -f " + installation.directory().resolve("lethe.log"));
        say("  cat " + installation.workerConfigFile());
        say("");
    }

    private static String describe(TargetOutcome target) {
        return target.target() + " " + target.items();
    }

    private void styled(String text) {
        say(Ansi.AUTO.string(text));
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }
}
