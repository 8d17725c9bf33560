package dev.lethe.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.lethe.config.ConfigFile;
import dev.lethe.ingress.IngressConfig;
import dev.lethe.worker.app.WorkerConfig;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The manifests are what the Kubernetes API takes, and what the services read. */
class KubernetesManifestsTest {
    private static final Path FOLDER = Path.of("..", "deploy", "kubernetes");
    private static final YAMLMapper YAML = new YAMLMapper();

    /** Knows every field of a kind, its type and whether it is required: made of the API's OpenAPI document. */
    private interface Model {
        Object read(String json) throws IOException;
    }

    /** By apiVersion and kind. KEDA's own kind is not Kubernetes'. */
    private static final Map<String, Model> MODELS = Map.of(
            "v1 ConfigMap", V1ConfigMap::fromJson,
            "v1 Service", V1Service::fromJson,
            "apps/v1 Deployment", V1Deployment::fromJson,
            "policy/v1 PodDisruptionBudget", V1PodDisruptionBudget::fromJson,
            "networking.k8s.io/v1 NetworkPolicy", V1NetworkPolicy::fromJson);

    private static final String SCALED_OBJECT = "keda.sh/v1alpha1 ScaledObject";

    static Stream<JsonNode> kubernetesOwn() throws IOException {
        return all().stream().filter(manifest -> !kind(manifest).equals(SCALED_OBJECT));
    }

    @ParameterizedTest
    @MethodSource("kubernetesOwn")
    void aManifestIsAsTheApiWantsIt(JsonNode manifest) throws IOException {
        assertThat(MODELS).containsKey(kind(manifest));

        assertThat(MODELS.get(kind(manifest)).read(manifest.toString())).isNotNull();
    }

    @ParameterizedTest
    @MethodSource("kubernetesOwn")
    void aMisspeltFieldWouldBeNoticed(JsonNode manifest) {
        ObjectNode misspelt = manifest.deepCopy();
        misspelt.withObjectProperty("metadata").put("nmae", "lethe");

        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> MODELS.get(kind(manifest)).read(misspelt.toString()))
                .withMessageContaining("nmae");
    }

    @Test
    void aMisspeltFieldDeepInsideWouldBeNoticed() throws IOException {
        ObjectNode misspelt = one("apps/v1 Deployment", "lethe-worker").deepCopy();
        ((ObjectNode) misspelt.at("/spec/template/spec/containers/0/livenessProbe/httpGet")).put("prot", 8081);

        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> V1Deployment.fromJson(misspelt.toString()))
                .withMessageContaining("prot");
    }

    @Test
    void theConfigurationsAreReadAsTheServicesReadThem() throws Exception {
        Map<String, String> environment =
                Map.of("LETHE_API_KEY", "key", "FUSIONAUTH_API_KEY", "key", "SHOP_DB_PASSWORD", "secret");

        IngressConfig ingress = ConfigFile.parse(
                        "ingress.yaml",
                        one("v1 ConfigMap", "lethe-ingress")
                                .at("/data/ingress.yaml")
                                .asText(),
                        environment,
                        IngressConfig::read)
                .config();
        WorkerConfig worker = ConfigFile.parse(
                        "worker.yaml",
                        one("v1 ConfigMap", "lethe-worker")
                                .at("/data/worker.yaml")
                                .asText(),
                        environment,
                        WorkerConfig::read)
                .config();

        assertThat(worker.kafka()).isEqualTo(ingress.kafka());
        assertThat(worker.durability()).isEqualTo(ingress.durability());
        assertThat(worker.keys()).isEqualTo(ingress.keys()).isAbsolute();
        assertThat(worker.confirmation()).isPresent();
        for (String name : List.of("lethe-ingress", "lethe-worker")) {
            assertThat(one("apps/v1 Deployment", name).at("/spec/template/spec/containers/0/volumeMounts"))
                    .extracting(mount -> mount.path("mountPath").asText())
                    .contains(worker.keys().getParent().toString());
        }
    }

    @Test
    void whatSelectsPodsSelectsThoseOfADeployment() throws IOException {
        List<JsonNode> labels = new ArrayList<>();
        for (JsonNode manifest : all()) {
            labels.add(manifest.at("/spec/template/metadata/labels"));
        }
        for (JsonNode manifest : all()) {
            List<JsonNode> selectors = Stream.of(
                            "/spec/selector/matchLabels", "/spec/podSelector/matchLabels", "/spec/selector")
                    .map(manifest::at)
                    .filter(selector -> selector.has("app.kubernetes.io/name"))
                    .toList();
            for (JsonNode selector : selectors) {
                assertThat(labels)
                        .as(selector.toString())
                        .anyMatch(pod -> selector.properties().stream()
                                .allMatch(label -> label.getValue().equals(pod.path(label.getKey()))));
            }
        }
    }

    @Test
    void podsRunAsNobodyInParticularAndMayWriteNowhere() throws IOException {
        for (String name : List.of("lethe-ingress", "lethe-worker")) {
            JsonNode pod = one("apps/v1 Deployment", name).at("/spec/template/spec");
            JsonNode container = pod.at("/containers/0/securityContext");

            assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
            assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
            assertThat(container.path("readOnlyRootFilesystem").asBoolean()).isTrue();
            assertThat(container.path("allowPrivilegeEscalation").asBoolean(true))
                    .isFalse();
            assertThat(container.at("/capabilities/drop/0").asText()).isEqualTo("ALL");
        }
    }

    @Test
    void workersAreScaledByTheLagOfTheirStores() throws Exception {
        JsonNode spec = one(SCALED_OBJECT, "lethe-worker").path("spec");
        JsonNode stores = YAML.readTree(one("v1 ConfigMap", "lethe-worker")
                        .at("/data/worker.yaml")
                        .asText())
                .path("stores");

        assertThat(one("apps/v1 Deployment", spec.at("/scaleTargetRef/name").asText()))
                .isNotNull();
        assertThat(spec.path("triggers"))
                .extracting(trigger -> trigger.at("/metadata/consumerGroup").asText())
                .containsExactlyInAnyOrderElementsOf(stores.properties().stream()
                        .map(store -> "erasure." + store.getKey())
                        .toList());
        assertThat(spec.path("triggers"))
                .allMatch(trigger -> trigger.at("/metadata/topic").asText().equals("erasure.requests"));
        assertThat(spec.path("maxReplicaCount").asInt()).as("partitions").isLessThanOrEqualTo(12);
    }

    private static List<JsonNode> all() throws IOException {
        List<Path> files;
        try (Stream<Path> entries = Files.list(FOLDER)) {
            files = entries.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
        var manifests = new ArrayList<JsonNode>();
        for (Path file : files) {
            try (MappingIterator<JsonNode> documents =
                    YAML.readerFor(JsonNode.class).readValues(file.toFile())) {
                manifests.addAll(documents.readAll());
            }
        }
        return manifests;
    }

    private static JsonNode one(String kind, String name) throws IOException {
        return all().stream()
                .filter(manifest -> kind(manifest).equals(kind))
                .filter(manifest -> manifest.at("/metadata/name").asText().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + kind + " " + name));
    }

    private static String kind(JsonNode manifest) {
        return manifest.path("apiVersion").asText() + " "
                + manifest.path("kind").asText();
    }
}
