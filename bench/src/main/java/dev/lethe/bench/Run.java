package dev.lethe.bench;

import dev.lethe.bench.rig.Broker;
import dev.lethe.bench.rig.Services;
import dev.lethe.config.MisconfiguredException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;

/**
 * What a measurement gets.
 *
 * @param folder for everything that it writes while it runs
 * @param full whether it may take long
 * @param profile whether broker and services are to be recorded by JDK Flight Recorder
 * @param results where recordings go
 * @param progress is told what goes on
 * @param report takes the figures
 */
record Run(Path folder, boolean full, boolean profile, Path results, PrintWriter progress, Report report) {
    Broker broker(List<String> stores) throws MisconfiguredException, InterruptedException {
        return new Broker(folder, stores, recording());
    }

    Services services(Broker broker) throws IOException {
        return new Services(folder, broker, recording());
    }

    private List<String> recording() {
        return profile
                ? List.of("-XX:StartFlightRecording:settings=profile,filename=" + results.toAbsolutePath())
                : List.of();
    }
}
