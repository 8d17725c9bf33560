package dev.lethe.worker.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.lethe.config.ConfigException;
import dev.lethe.config.ConfigFile;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.StorePlan;
import dev.lethe.worker.store.StoreUnavailableException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jars that are compiled here, so that nothing of them is on the class path. */
class PluginsTest {
    private static final String SERVICES = "META-INF/services/dev.lethe.worker.store.ErasureStoreFactory";

    @TempDir
    static Path classes;

    @TempDir
    Path folder;

    @BeforeAll
    static void compile() throws IOException {
        var sources = List.of(
                source("acme.Words", "public class Words { public static final String TYPE = \"acme\"; }"),
                source("acme.Factory", factory("Factory", "Words.class.getSimpleName().toLowerCase()")),
                source("acme.Twin", factory("Twin", "\"words\"")),
                source("acme.Jdbc", factory("Jdbc", "\"jdbc\"")),
                source("acme.Nameless", factory("Nameless", "null")),
                source("acme.Base", "public class Base {}"),
                source(
                        "acme.Heir",
                        factory("Heir", "\"heir\"")
                                .replace("class Heir implements", "class Heir extends Base implements")),
                source("acme.Stranger", "public class Stranger {}"),
                source(
                        "acme.Sulking",
                        factory("Sulking", "\"sulking\"")
                                .replace(
                                        "{ //",
                                        "{ public Sulking() { throw new IllegalStateException(\"today\"); } //")));
        var arguments = new ArrayList<>(
                List.of("-proc:none", "-cp", System.getProperty("java.class.path"), "-d", classes.toString()));
        sources.forEach(source -> arguments.add(source.toString()));
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new)))
                .isZero();
    }

    @Test
    void aFactoryIsFoundWithWhatItNeedsInAnotherJar() throws Exception {
        jar("words.jar", List.of(), "acme/Words");
        jar("store.jar", List.of("acme.Factory # the one"), "acme/Factory", "acme/Factory$1");

        WorkerConfig config = read("{ type: words }");

        assertThat(config.stores()).containsOnlyKeys("one");
    }

    @Test
    void aStoreOfAPluginFindsItsOwnClassesByTheThread() throws Exception {
        jar("store.jar", List.of("acme.Factory"), "acme/Factory", "acme/Factory$1", "acme/Words");
        ClassLoader before = Thread.currentThread().getContextClassLoader();

        try (ErasureStore store =
                read("{ type: words }").stores().get("one").opener().get()) {
            StorePlan plan = store.plan();

            assertThat(plan.warnings())
                    .as("what the context class loader finds when the store is configured, opened and asked")
                    .containsExactly("acme.Words", "acme.Words", "acme.Words");
        }
        assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
    }

    @Test
    void whatAStoreThrowsComesThroughAsItIs() throws Exception {
        jar("store.jar", List.of("acme.Factory"), "acme/Factory", "acme/Factory$1", "acme/Words");

        try (ErasureStore store =
                read("{ type: words }").stores().get("one").opener().get()) {
            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> store.count(List.of()))
                    .withMessage("gone fishing");
        }
    }

    @Test
    void lethesOwnKindsAreThereBesideThePlugins() throws Exception {
        jar("store.jar", List.of("acme.Factory"), "acme/Factory", "acme/Factory$1", "acme/Words");

        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read("{ type: word }"))
                .withMessageContaining("must be one of http, jdbc, kafka, mongodb, opensearch, redis, s3, words");
    }

    @Test
    void aKindThatNobodyBringsIsAProblemThatSaysWhereKindsComeFrom() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(
                        () -> ConfigFile.parse("worker.yaml", stores("{ type: words }"), Map.of(), WorkerConfig::read))
                .withMessageContaining("--plugins DIR");
    }

    @Test
    void aFolderWithoutPluginsIsAnError() throws Exception {
        assertRefused(folder.resolve("plugin"), "plugin: there is no such folder");
        Path file = Files.createFile(folder.resolve("file"));
        assertRefused(file, "is no folder");
        assertRefused(folder, "there is no jar in it");
        jar("words.jar", List.of(), "acme/Words");
        assertRefused(folder, "no jar in it brings a kind of store: none has " + SERVICES);
    }

    @Test
    void aFileThatIsNoJarIsNamed() throws Exception {
        Files.writeString(folder.resolve("broken.jar"), "no jar");

        assertRefused(folder, "broken.jar can't be read");
    }

    @Test
    void aFactoryThatCannotBeLoadedIsNamedWithItsJar() throws Exception {
        assertRefusedOf("acme.Nobody", "acme.Nobody can't be used", "not found");
        assertRefusedOf("acme.Stranger", "acme.Stranger can't be used", "not a subtype");
        assertRefusedOf("acme.Sulking", "acme.Sulking can't be used", "today");
        assertRefusedOf("acme.Nameless", "acme.Nameless can't be used", "type()");
        assertRefusedOf("acme.Heir", "acme.Heir can't be used", "acme/Base");
        assertRefusedOf("acme Nobody", "its list of services can't be used", "store.jar!/META-INF", "syntax");
    }

    @Test
    void twoOfOneKindAreAnErrorThatNamesBoth() throws Exception {
        jar("a.jar", List.of("acme.Factory"), "acme/Factory", "acme/Factory$1", "acme/Words");
        jar("b.jar", List.of("acme.Twin"), "acme/Twin", "acme/Twin$1");
        assertRefused(folder, "b.jar brings the kind of store \"words\", which a.jar has already");

        Files.delete(folder.resolve("a.jar"));
        jar("b.jar", List.of("acme.Jdbc"), "acme/Jdbc", "acme/Jdbc$1");
        assertRefused(folder, "b.jar brings the kind of store \"jdbc\", which Lethe itself has already");
    }

    private void assertRefusedOf(String service, String... reasons) throws IOException {
        jar(
                "store.jar",
                List.of(service),
                Stream.of("Stranger", "Sulking", "Nameless", "Heir")
                        .map("acme/"::concat)
                        .toArray(String[]::new));

        assertThatExceptionOfType(PluginException.class)
                .isThrownBy(() -> StoreKinds.with(folder))
                .withMessageStartingWith("--plugins " + folder + ": store.jar: ")
                .satisfies(e -> assertThat(e.getMessage()).contains(reasons));
    }

    private static void assertRefused(Path folder, String reason) {
        assertThatExceptionOfType(PluginException.class)
                .isThrownBy(() -> StoreKinds.with(folder))
                .withMessageStartingWith("--plugins " + folder)
                .withMessageContaining(reason);
    }

    private WorkerConfig read(String store) throws Exception {
        StoreKinds kinds = StoreKinds.with(folder);
        return ConfigFile.parse("worker.yaml", stores(store), Map.of(), file -> WorkerConfig.read(file, kinds))
                .config();
    }

    private static String stores(String store) {
        return "stores: { one: " + store + " }";
    }

    private void jar(String name, List<String> services, String... contents) throws IOException {
        try (OutputStream out = Files.newOutputStream(folder.resolve(name));
                var jar = new JarOutputStream(out)) {
            if (!services.isEmpty()) {
                jar.putNextEntry(new JarEntry(SERVICES));
                jar.write(String.join("\n", services).getBytes(UTF_8));
            }
            for (String content : contents) {
                jar.putNextEntry(new JarEntry(content + ".class"));
                Files.copy(classes.resolve(content + ".class"), jar);
            }
        }
    }

    private static Path source(String name, String text) throws IOException {
        Path file = classes.resolve(name.replace('.', '/') + ".java");
        Files.createDirectories(file.getParent());
        return Files.writeString(file, """
                package acme;

                import dev.lethe.config.Section;
                import dev.lethe.events.Subject;
                import dev.lethe.worker.store.*;
                import java.util.*;
                import java.util.function.Supplier;

                """ + text);
    }

    private static String factory(String name, String type) {
        return """
                public class NAME implements ErasureStoreFactory { //
                    public String type() { return TYPE; }

                    public Supplier<ErasureStore> configure(String name, Section section) {
                        List<String> found = new ArrayList<>(List.of(find()));
                        return () -> {
                            found.add(find());
                            return new ErasureStore() {
                                public List<StoreResult> erase(List<Subject> subjects) { return List.of(); }

                                public List<Remaining> count(List<Subject> subjects) throws StoreUnavailableException {
                                    throw new StoreUnavailableException("UNREACHABLE", "gone fishing");
                                }

                                public StorePlan plan() {
                                    found.add(find());
                                    return new StorePlan(List.of(), List.of(), found);
                                }

                                public void close() {}
                            };
                        };
                    }

                    static String find() {
                        try {
                            return Thread.currentThread().getContextClassLoader().loadClass("acme.Words").getName();
                        } catch (ClassNotFoundException e) {
                            return "nothing";
                        }
                    }
                }
                """.replace("NAME", name).replace("TYPE", type);
    }
}
