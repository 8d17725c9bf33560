package dev.lethe.quickstart.server;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A main class to run in a JVM of its own, with this JVM's java and class path.
 *
 * @param name what messages call it; its log is {@code <directory>/<name>.log}
 * @param main calls {@link ServedChild#run}
 * @param directory holds the log; is made if it is not there
 * @param jvmOptions in addition to those that make a small JVM start fast
 * @param readyWithin how long a start may take before it is given up
 */
public record ServerCommand(
        String name,
        Class<?> main,
        Path directory,
        List<String> jvmOptions,
        List<String> arguments,
        Duration readyWithin) {

    private static final List<String> SMALL_AND_QUICK =
            List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-XX:-UsePerfData");

    public ServerCommand {
        jvmOptions = List.copyOf(jvmOptions);
        arguments = List.copyOf(arguments);
    }

    Path log() {
        return directory.resolve(name + ".log");
    }

    List<String> commandLine() {
        List<String> line = new ArrayList<>();
        // Ctrl-C and a closed terminal reach the whole process group. The child leaves both to its parent, which stops
        // its servers in order; exec keeps the process id and the ignored signals.
        line.addAll(List.of("/bin/sh", "-c", "trap '' INT HUP; exec \"$@\"", "sh"));
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(SMALL_AND_QUICK);
        line.addAll(jvmOptions);
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        line.addAll(arguments);
        return line;
    }
}
