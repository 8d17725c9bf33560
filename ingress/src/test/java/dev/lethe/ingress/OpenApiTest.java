package dev.lethe.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The document says what the code does. */
class OpenApiTest {
    /** What OpenAPI 3.1 knows at the top. */
    private static final Set<String> FIELDS = Set.of(
            "openapi",
            "info",
            "jsonSchemaDialect",
            "servers",
            "paths",
            "webhooks",
            "components",
            "security",
            "tags",
            "externalDocs");

    private static final Set<String> METHODS =
            Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

    private final JsonNode document = OpenApi.document();

    @Test
    void theDocumentHasWhatOpenApi31Demands() {
        assertThat(document.path("openapi").asText()).matches("3\\.1\\.\\d+");
        assertThat(document.at("/info/title").asText()).isNotBlank();
        assertThat(document.at("/info/version").asText()).isNotBlank();
        assertThat(document.path("paths").isObject()).isTrue();
        assertThat(names(document)).isSubsetOf(FIELDS);
        assertThat(names(document.path("paths"))).isNotEmpty().allMatch(path -> path.startsWith("/"));
        operations().forEach(operation -> {
            assertThat(operation.path("operationId").asText()).isNotBlank();
            assertThat(names(operation.path("responses")))
                    .isNotEmpty()
                    .allMatch(status -> status.matches("[1-5]\\d\\d"));
            operation
                    .path("responses")
                    .forEach(response -> assertThat(
                                    resolved(response).path("description").asText())
                            .isNotBlank());
            operation.path("parameters").forEach(parameter -> {
                assertThat(parameter.path("name").asText()).isNotBlank();
                assertThat(parameter.path("in").asText()).isIn("query", "header", "path", "cookie");
                assertThat(parameter.path("schema").isObject()).isTrue();
            });
        });
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        List<String> references =
                document.findValues("$ref").stream().map(JsonNode::asText).toList();

        assertThat(references).isNotEmpty().allSatisfy(reference -> {
            assertThat(reference).startsWith("#/");
            assertThat(document.at(reference.substring(1)).isMissingNode())
                    .as("%s is missing", reference)
                    .isFalse();
        });
    }

    @Test
    void everySecuritySchemeThatIsNamedIsThereAndTheOtherWayRound() {
        Set<String> named = document.path("security")
                .valueStream()
                .flatMap(requirement -> names(requirement).stream())
                .collect(Collectors.toSet());

        assertThat(named).isEqualTo(names(document.at("/components/securitySchemes")));
    }

    @Test
    void everyAnswerIsInItAndTheOtherWayRound() {
        Set<String> answers = Arrays.stream(Answer.values())
                .map(answer -> Integer.toString(answer.status().getCode()))
                .collect(Collectors.toSet());

        assertThat(names(document.at("/paths/~1webhook-user-delete/post/responses")))
                .isEqualTo(answers);
    }

    private Stream<JsonNode> operations() {
        return document.path("paths")
                .valueStream()
                .flatMap(path -> path.propertyStream()
                        .filter(field -> METHODS.contains(field.getKey()))
                        .map(field -> field.getValue()));
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? document.at(node.path("$ref").asText().substring(1)) : node;
    }

    private static Set<String> names(JsonNode node) {
        var names = new TreeSet<String>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
