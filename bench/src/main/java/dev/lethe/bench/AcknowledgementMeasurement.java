package dev.lethe.bench;

import dev.lethe.bench.rig.Caller;
import dev.lethe.bench.rig.Load;
import dev.lethe.bench.rig.PlainProducer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How many calls the ingress acknowledges, and how soon; next to a handler that only parses them, and to the log alone. */
final class AcknowledgementMeasurement implements Measurement {
    private static final List<Integer> CONNECTIONS = List.of(1, 32, 256);
    private static final Duration WARM_UP = Duration.ofSeconds(8);
    private static final double WANTED = 0.7;

    /** Who is called. */
    private enum Callee {
        INGRESS("ingress"),
        BARE("bare handler"),
        PRODUCER("plain producer");

        private final String title;

        Callee(String title) {
            this.title = title;
        }
    }

    @Override
    public void run(Run run) throws Exception {
        Report report = run.report();
        int rounds = run.full() ? 9 : 5;
        Map<Integer, Map<Callee, List<Load.Result>>> results = new TreeMap<>();
        Map<Callee, List<Load.Result>> unflushed = new EnumMap<>(Callee.class);
        try (var broker = run.broker(List.of());
                var producer = new PlainProducer(broker)) {
            var services = run.services(broker);
            try (var ingress = services.ingress();
                    var bare = services.bareHandler()) {
                Map<Callee, Integer> ports = Map.of(Callee.INGRESS, ingress.port(), Callee.BARE, bare.port());
                var order = new ArrayList<>(List.of(Callee.values()));
                for (Callee callee : order) {
                    measure(callee, 32, WARM_UP, ports, producer);
                    measure(callee, 256, WARM_UP.dividedBy(2), ports, producer);
                }
                for (int round = 0; round < rounds; round++) {
                    for (int connections : CONNECTIONS) {
                        round(
                                run,
                                order,
                                connections,
                                ports,
                                producer,
                                results.computeIfAbsent(connections, c -> new EnumMap<>(Callee.class)));
                    }
                }
                broker.flushNoMore();
                run.progress().println("acknowledgements: from here on, the broker does not flush");
                for (int round = 0; round < Callee.values().length; round++) {
                    round(run, order, 32, ports, producer, unflushed);
                }
            }
        }
        results.forEach((connections, by) -> report(report, connections, by));
        for (Callee limit : List.of(Callee.BARE, Callee.PRODUCER)) {
            report.figure(
                    "acknowledgements, 32 connections, by a log that is not flushed",
                    Report.median(unflushed, Callee.INGRESS, Load.Result::perSecond),
                    "/s",
                    limit.title,
                    Report.median(unflushed, limit, Load.Result::perSecond));
        }
    }

    /** Each is called for a while, in an order that is another the next time. */
    private static void round(
            Run run,
            List<Callee> order,
            int connections,
            Map<Callee, Integer> ports,
            PlainProducer producer,
            Map<Callee, List<Load.Result>> results)
            throws InterruptedException {
        Duration length = Duration.ofSeconds(run.full() ? 6 : 2);
        for (Callee callee : order) {
            Load.Result result = measure(callee, connections, length, ports, producer);
            run.progress()
                    .printf(
                            "acknowledgements: %d connections, %s: %.0f/s, p50 %.2f ms, p99 %.2f ms%n",
                            connections, callee.title, result.perSecond(), result.p50(), result.p99());
            results.computeIfAbsent(callee, c -> new ArrayList<>()).add(result);
        }
        Collections.rotate(order, 1);
    }

    private static Load.Result measure(
            Callee callee, int connections, Duration length, Map<Callee, Integer> ports, PlainProducer producer)
            throws InterruptedException {
        Integer port = ports.get(callee);
        if (port == null) {
            return producer.closedLoop(connections, length);
        }
        try (var caller = new Caller(port, connections, System.nanoTime())) {
            return caller.closedLoop(length);
        }
    }

    private static void report(Report report, int connections, Map<Callee, List<Load.Result>> by) {
        String of = connections == 1 ? ", 1 connection" : ", " + connections + " connections";
        for (Callee limit : List.of(Callee.BARE, Callee.PRODUCER)) {
            double rate = Report.median(by, Callee.INGRESS, Load.Result::perSecond);
            double rateOfLimit = Report.median(by, limit, Load.Result::perSecond);
            if (limit == Callee.BARE && connections == 32) {
                report.atLeast("acknowledgements" + of, rate, "/s", limit.title, rateOfLimit, WANTED);
            } else {
                report.figure("acknowledgements" + of, rate, "/s", limit.title, rateOfLimit);
            }
        }
        for (Callee limit : List.of(Callee.BARE, Callee.PRODUCER)) {
            report.figure(
                    "acknowledgement, p50" + of,
                    Report.median(by, Callee.INGRESS, Load.Result::p50),
                    "ms",
                    limit.title,
                    Report.median(by, limit, Load.Result::p50));
            report.figure(
                    "acknowledgement, p99" + of,
                    Report.median(by, Callee.INGRESS, Load.Result::p99),
                    "ms",
                    limit.title,
                    Report.median(by, limit, Load.Result::p99));
        }
        for (Callee callee : Callee.values()) {
            report.bar(
                    "Acknowledgements",
                    "per second",
                    callee.title,
                    connections + " conn.",
                    Report.median(by, callee, Load.Result::perSecond));
            report.bar(
                    "Time to the answer, p50",
                    "ms",
                    callee.title,
                    connections + " conn.",
                    Report.median(by, callee, Load.Result::p50));
            report.bar(
                    "Time to the answer, p99",
                    "ms",
                    callee.title,
                    connections + " conn.",
                    Report.median(by, callee, Load.Result::p99));
        }
    }
}
