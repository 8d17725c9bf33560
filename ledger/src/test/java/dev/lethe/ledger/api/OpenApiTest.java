package dev.lethe.ledger.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lethe.ledger.access.Role;
import dev.lethe.ledger.console.Doors;
import io.javalin.http.HandlerType;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The document describes what a running ledger serves to programs, all of it and no more. Nothing here needs a broker or a database. */
class OpenApiTest {
    private static final Set<HandlerType> METHODS = Set.of(HandlerType.GET, HandlerType.POST, HandlerType.DELETE);

    @TempDir
    java.nio.file.Path folder;

    private final JsonNode document = OpenApi.document();
    private Doors doors;

    @BeforeEach
    void start() throws Exception {
        doors = Doors.open(folder);
    }

    @AfterEach
    void stop() {
        doors.close();
    }

    @Test
    void everyRouteForProgramsIsInTheDocumentAndTheOtherWayRound() throws Exception {
        Set<String> served = doors.endpoints().stream()
                .filter(endpoint -> METHODS.contains(endpoint.method))
                .map(endpoint -> endpoint.method.name().toLowerCase(Locale.ROOT) + " " + endpoint.path)
                .filter(route -> !route.contains(" /console") && !route.equals("get /"))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(documented()).isEqualTo(served);
    }

    @Test
    void everyRouteSaysWhoMayPass() throws Exception {
        assertThat(doors.endpoints())
                .filteredOn(endpoint -> METHODS.contains(endpoint.method))
                .isNotEmpty()
                .allSatisfy(endpoint -> assertThat(doors.rolesOf(endpoint))
                        .as("%s %s", endpoint.method, endpoint.path)
                        .hasSize(1)
                        .allMatch(Role.class::isInstance));
    }

    @Test
    void whatChangesSomethingTakesAnOperator() throws Exception {
        Map<String, Object> roles = new TreeMap<>();
        for (var endpoint : doors.endpoints()) {
            if (endpoint.method == HandlerType.POST || endpoint.method == HandlerType.DELETE) {
                roles.put(endpoint.path, doors.rolesOf(endpoint).iterator().next());
            }
        }

        assertThat(roles)
                .containsEntry("/requests", Role.OPERATOR)
                .containsEntry("/dead-letters/redrive", Role.OPERATOR)
                .containsEntry("/dead-letters/discard", Role.OPERATOR)
                .containsEntry("/console/requests", Role.OPERATOR)
                .containsEntry("/console/dead-letters/redrive", Role.OPERATOR)
                .containsEntry("/console/dead-letters/discard", Role.OPERATOR);
        assertThat(roles.entrySet().stream()
                        .filter(route -> route.getValue() == Role.CONTROLLER)
                        .map(Map.Entry::getKey))
                .as("what takes the token of a controller")
                .containsExactlyInAnyOrder(
                        "/opendsr/v2/requests",
                        "/opendsr/v2/requests/{id}",
                        "/opendsr/v2/opengdpr_requests",
                        "/opendsr/v2/opengdpr_requests/{id}");
        assertThat(roles.entrySet().stream()
                        .filter(route -> route.getValue() != Role.OPERATOR && route.getValue() != Role.CONTROLLER)
                        .map(Map.Entry::getKey))
                .as("what others may post")
                .containsExactlyInAnyOrder("/people/find", "/console/people", "/console/sign-in", "/console/sign-out");
    }

    @Test
    void theDocumentHasWhatOpenApi31Demands() {
        assertThat(document.path("openapi").asText()).matches("3\\.1\\.\\d+");
        assertThat(document.at("/info/title").asText()).isNotBlank();
        assertThat(operations()).isNotEmpty().allSatisfy(operation -> {
            assertThat(operation.path("operationId").asText()).isNotBlank();
            assertThat(operation.path("summary").asText()).isNotBlank();
            assertThat(operation.path("responses").properties())
                    .isNotEmpty()
                    .allMatch(response -> response.getKey().matches("[1-5]\\d\\d"));
        });
        assertThat(operations().map(operation -> operation.path("operationId").asText()))
                .doesNotHaveDuplicates();
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        List<String> references =
                document.findValues("$ref").stream().map(JsonNode::asText).toList();

        assertThat(references)
                .isNotEmpty()
                .allSatisfy(reference -> assertThat(
                                document.at(reference.substring(1)).isMissingNode())
                        .as("%s is missing", reference)
                        .isFalse());
    }

    @Test
    void everyFieldOfAnAnswerIsDescribed() {
        Map.of(
                        "Request", Views.Request.class,
                        "RequestPage", Views.RequestPage.class,
                        "RequestDetail", Views.Detail.class,
                        "Person", Views.Person.class,
                        "Statistics", Views.Numbers.class,
                        "Lanes", Views.Lanes.class,
                        "DeadLetter", Views.DeadLetter.class,
                        "DeadLetters", Views.DeadLetters.class,
                        "Decision", Views.Decision.class,
                        "Accepted", Views.Accepted.class)
                .forEach((schema, record) -> assertThat(
                                names(document.at("/components/schemas/" + schema + "/properties")))
                        .as(schema)
                        .isEqualTo(Arrays.stream(record.getRecordComponents())
                                .map(component -> component.getName())
                                .collect(Collectors.toSet())));
    }

    private Set<String> documented() {
        return document.path("paths")
                .propertyStream()
                .flatMap(path -> path.getValue().propertyStream().map(method -> method.getKey() + " " + path.getKey()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Stream<JsonNode> operations() {
        return document.path("paths").valueStream().flatMap(JsonNode::valueStream);
    }

    private static Set<String> names(JsonNode node) {
        return node.propertyStream().map(Map.Entry::getKey).collect(Collectors.toSet());
    }
}
