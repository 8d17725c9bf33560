package dev.lethe.bench.rig;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The checkout that this was built in, and what a service consists of there. */
public final class Checkout {
    private final Path root;

    private Checkout(Path root) {
        this.root = root;
    }

    /** Found from the folder of libraries that {@code lethe} puts on the class path. */
    public static Checkout find() throws IOException {
        try {
            Path jar = Path.of(Checkout.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            Path folder = jar;
            while (folder != null && !Files.exists(folder.resolve("deploy/docker/java.options"))) {
                folder = folder.getParent();
            }
            if (folder == null) {
                throw new IOException("measured are the services of a checkout, and this is not in one: " + jar);
            }
            return new Checkout(folder);
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    public Path root() {
        return root;
    }

    /** The jars of a module and of all it needs at run time. */
    public Set<Path> jars(String module) throws IOException {
        Path target = root.resolve(module).resolve("target");
        var jars = new LinkedHashSet<Path>();
        try (var own = Files.newDirectoryStream(target, module + "-*.jar")) {
            own.forEach(jar -> {
                if (!jar.toString().endsWith("-tests.jar") && !jar.toString().endsWith("-servers.jar")) {
                    jars.add(jar);
                }
            });
        }
        for (String jar :
                List.of(Files.readString(target.resolve("classpath")).strip().split(File.pathSeparator, -1))) {
            jars.add(Path.of(jar));
        }
        return jars;
    }

    /** What the image of the services has in its folder of libraries. */
    public Set<Path> jarsOfServices() throws IOException {
        var jars = new LinkedHashSet<>(jars("ingress"));
        jars.addAll(jars("erasure-worker"));
        return jars;
    }

    /** The options of the image of the services, as far as this JVM knows them. */
    public List<String> javaOptions() throws IOException {
        var options = new ArrayList<>(Files.readAllLines(root.resolve("deploy/docker/java.options")));
        if (Runtime.version().feature() < 24) {
            options.removeIf(option -> option.startsWith("--sun-misc-unsafe-memory-access"));
        }
        return options;
    }
}
