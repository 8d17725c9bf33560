package dev.lethe.quickstart.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lethe.quickstart.server.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Does what docs/connect-fusionauth.md says about each way of authenticating, word for word but for the port. Needs curl and openssl. */
@Tag("nightly")
class AuthenticationRecipesIT {
    private static final Pattern BLOCK = Pattern.compile("```(yaml)?\\n(.*?)```", Pattern.DOTALL);

    @TempDir
    Path folder;

    private final int port = FreePort.any();
    private final int managementPort = FreePort.any();
    private Site site;

    @BeforeEach
    void start() throws Exception {
        site = new Site(folder);
    }

    @AfterEach
    void stop() {
        site.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"API key", "HTTP Basic", "Signed events", "Client certificate"})
    void whoeverFollowsThePageIsLetIn(String method) throws Exception {
        List<String> recipe = recipe(method);
        int yaml = recipe.indexOf("yaml");
        run(recipe("To try a method"));
        run(recipe.subList(0, yaml));
        Process ingress = ingress(recipe.get(yaml + 1));
        try {
            assertThat(run(recipe.subList(yaml + 2, recipe.size()))).isEqualTo("{\"status\":\"ignored\"}");
            assertThat(failures()).as("refusals, at the start or later").containsOnly(0.0);
        } finally {
            ingress.destroy();
            ingress.waitFor();
        }
    }

    private List<Double> failures() throws IOException, InterruptedException {
        return Metrics.of(managementPort).entrySet().stream()
                .filter(metric -> metric.getKey().matches("lethe_ingress_(tls_handshake_failures|.*unauthenticated).*"))
                .map(Map.Entry::getValue)
                .toList();
    }

    /** The paragraphs' blocks; the word {@code yaml} stands before the one that is a configuration. */
    private static List<String> recipe(String beginning) throws IOException {
        String page = Files.readString(Path.of("..", "docs", "connect-fusionauth.md"));
        Matcher paragraphs = Pattern.compile(
                        "\n(?:\\*\\*)?" + Pattern.quote(beginning) + "(.*?)\n(?=\\*\\*|## )", Pattern.DOTALL)
                .matcher(page);
        assertThat(paragraphs.find())
                .as("the page has a recipe for %s", beginning)
                .isTrue();
        var blocks = new ArrayList<String>();
        Matcher block = BLOCK.matcher(paragraphs.group(1));
        while (block.find()) {
            if (block.group(1) != null) {
                blocks.add("yaml");
            }
            blocks.add(block.group(2));
        }
        assertThat(blocks).as("blocks of %s", beginning).isNotEmpty();
        return blocks;
    }

    /** What the commands print. */
    private String run(List<String> commands) throws IOException, InterruptedException {
        Path said = folder.resolve("said.log");
        String script =
                "set -euo pipefail\n" + String.join("", commands).replace("localhost:8080", "localhost:" + port);
        Process bash =
                process("bash", "-c", script).redirectError(said.toFile()).start();
        String output = new String(bash.getInputStream().readAllBytes(), UTF_8);
        assertThat(bash.waitFor())
                .as("exit code of%n%s%n%s", script, Files.readString(said))
                .isZero();
        return output;
    }

    private Process ingress(String yaml) throws IOException {
        Files.writeString(folder.resolve("ingress.yaml"), """
                %s
                management: { port: %d }
                kafka: { bootstrap.servers: "%s" }
                durability: single-node
                """.formatted(
                        withPort(yaml), managementPort, site.kafka().bootstrapServers()));
        Path output = folder.resolve("ingress.log");
        Process ingress = process(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.lethe.cli.Lethe",
                        "ingress")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        await().atMost(Duration.ofSeconds(60))
                .ignoreExceptionsInstanceOf(IOException.class)
                .untilAsserted(() -> {
                    assertThat(ingress.isAlive()).as(Files.readString(output)).isTrue();
                    assertThat(Metrics.get(managementPort, "/health/ready").statusCode())
                            .isEqualTo(200);
                });
        return ingress;
    }

    private String withPort(String yaml) {
        return yaml.startsWith("http: {")
                ? yaml.replace("http: {", "http: { port: " + port + ",")
                : yaml + "http: { port: " + port + " }";
    }

    private ProcessBuilder process(String... command) {
        var process = new ProcessBuilder(command).directory(folder.toFile());
        process.environment().put("LETHE_API_KEY", "the key of the recipe");
        process.environment().put("LETHE_BASIC_PASSWORD", "the password: of the recipe");
        return process;
    }
}
