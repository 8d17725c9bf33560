package dev.lethe.worker.app;

import dev.lethe.worker.store.ErasureStoreFactory;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Objects;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * The kinds of store in a folder of jars. All of its jars share one class loader, whose parent has Lethe and what Lethe uses:
 * what both have, a plugin gets from the parent. Loaded once, for as long as the process runs.
 */
final class Plugins {
    private static final String SERVICES = "META-INF/services/" + ErasureStoreFactory.class.getName();

    private final Path folder;
    private final List<Path> jars;
    private final ClassLoader loader;

    private Plugins(Path folder) throws PluginException {
        this.folder = folder;
        this.jars = jars(folder);
        var urls = new ArrayList<URL>();
        for (Path jar : jars) {
            urls.add(url(jar.toUri().toString()));
        }
        this.loader =
                new URLClassLoader("plugins", urls.toArray(URL[]::new), ErasureStoreFactory.class.getClassLoader());
    }

    /** One kind of store, and the jar that brings it. */
    record Plugin(Path jar, String type, ErasureStoreFactory factory) {}

    /**
     * Loads what is in a folder, in the order of the jars' names.
     *
     * @throws PluginException if the folder or anything in it can't be used, or brings no kind of store
     */
    static List<Plugin> in(Path folder) throws PluginException {
        var plugins = new Plugins(folder);
        var all = new ArrayList<Plugin>();
        for (Path jar : plugins.jars) {
            all.addAll(plugins.load(jar));
        }
        if (all.isEmpty()) {
            throw new PluginException(folder, "no jar in it brings a kind of store: none has " + SERVICES);
        }
        return all;
    }

    private static List<Path> jars(Path folder) throws PluginException {
        if (!Files.exists(folder)) {
            throw new PluginException(folder, "there is no such folder");
        }
        if (!Files.isDirectory(folder)) {
            throw new PluginException(folder, "is no folder; name the one that has the jars");
        }
        List<Path> jars;
        try (Stream<Path> files = Files.list(folder)) {
            jars = files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new PluginException(folder, "this process may not read the folder");
        }
        if (jars.isEmpty()) {
            throw new PluginException(folder, "there is no jar in it; those in folders below do not count");
        }
        return jars;
    }

    private List<Plugin> load(Path jar) throws PluginException {
        if (!bringsServices(jar)) {
            return List.of();
        }
        // Jar by jar: whatever goes wrong, it is known where.
        var services = new ServicesOf(jar, loader);
        try {
            return PluginStores.inContextOf(loader, () -> {
                var found = new ArrayList<Plugin>();
                for (ErasureStoreFactory factory : ServiceLoader.load(ErasureStoreFactory.class, services)) {
                    String type = Objects.requireNonNull(factory.type(), "its type() is null");
                    found.add(new Plugin(jar, type, PluginStores.of(factory, loader)));
                }
                return found;
            });
        } catch (ServiceConfigurationError | LinkageError | RuntimeException e) {
            throw new PluginException(
                    folder,
                    jar.getFileName() + ": " + services.asked() + " can't be used: " + reason(e)
                            + "; check it, the jar's " + SERVICES + ", and that whatever it needs is in the folder");
        }
    }

    private boolean bringsServices(Path jar) throws PluginException {
        try (var file = new JarFile(jar.toFile())) {
            return file.getEntry(SERVICES) != null;
        } catch (IOException e) {
            throw new PluginException(
                    folder, jar.getFileName() + " can't be read: it is no jar, or this process may not read it");
        }
    }

    private static String reason(Throwable e) {
        if (e instanceof ServiceConfigurationError) {
            String message = String.valueOf(e.getMessage()).replace(ErasureStoreFactory.class.getName() + ": ", "");
            return e.getCause() == null ? message : message + " (" + e.getCause() + ")";
        }
        return e.toString();
    }

    private static URL url(String uri) {
        try {
            return URI.create(uri).toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sees all classes, but no list of services except that of one jar; remembers which service was asked for last. */
    private static final class ServicesOf extends ClassLoader {
        private final Path jar;
        private volatile String asked = "its list of services";

        ServicesOf(Path jar, ClassLoader all) {
            super(all);
            this.jar = jar;
        }

        String asked() {
            return asked;
        }

        @Override
        public Enumeration<URL> getResources(String name) {
            return Collections.enumeration(List.of(url("jar:" + jar.toUri() + "!/" + name)));
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            asked = name;
            return super.loadClass(name, resolve);
        }
    }
}
