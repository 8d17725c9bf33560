package dev.lethe.bench.rig;

import dev.lethe.quickstart.server.FreePort;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The blog post's way: a webhook on Express that deletes before it answers. Needs Node.js and npm. */
public final class ExpressHandler implements AutoCloseable {
    private final Child process;
    private final int port;

    private ExpressHandler(Child process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Whether what it needs is on this machine. */
    public static boolean isPossible() {
        String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
        return Stream.of("node", "npm")
                .allMatch(command -> Stream.of(path.split(File.pathSeparator))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, command))));
    }

    /** @param postgres where the tables are, as Node's driver wants it */
    public static ExpressHandler start(Path folder, String postgres) throws IOException, InterruptedException {
        Path express = Files.createDirectories(folder.resolve("express"));
        for (String file : List.of("handler.js", "package.json", "package-lock.json")) {
            Files.copy(Checkout.find().root().resolve("bench/express").resolve(file), express.resolve(file));
        }
        Path log = express.resolve("npm.log");
        int code = new ProcessBuilder("npm", "ci", "--omit=dev", "--no-audit", "--no-fund")
                .directory(express.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("npm could not fetch Express and pg: " + Files.readString(log));
        }
        int port = FreePort.any();
        Child process = Child.command(
                "express",
                express,
                List.of(
                        "env",
                        "NODE_ENV=production",
                        "node",
                        "handler.js",
                        Integer.toString(port),
                        postgres,
                        Event.API_KEY));
        try {
            process.awaitReady("http://127.0.0.1:" + port + "/health/ready");
            return new ExpressHandler(process, port);
        } catch (IOException | InterruptedException e) {
            process.close();
            throw e;
        }
    }

    public int port() {
        return port;
    }

    @Override
    public void close() {
        process.close();
    }
}
