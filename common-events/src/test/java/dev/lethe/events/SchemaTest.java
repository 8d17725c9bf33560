package dev.lethe.events;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import dev.lethe.events.ErasureRequest.SealedSubject;
import dev.lethe.events.Outcome.Action;
import dev.lethe.events.Outcome.Maker;
import dev.lethe.events.Outcome.Status;
import dev.lethe.events.Outcome.TargetOutcome;
import dev.lethe.events.WireDomain.Sealed;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;
import org.jspecify.annotations.Nullable;

/** Holds the published schemas to the code. */
@Domain(WireDomain.class)
class SchemaTest {
    private static final JsonNode REQUEST = resource("erasure-request-v1.schema.json");
    private static final JsonNode OUTCOME = resource("erasure-outcome-v1.schema.json");
    private static final JsonSchema REQUESTS = schema(REQUEST);
    private static final JsonSchema OUTCOMES = schema(OUTCOME);

    @Property(tries = 200)
    void everyEncodedRequestConforms(@ForAll Sealed sealed) {
        assertThat(REQUESTS.validate(Json.tree(sealed.bytes()))).isEmpty();
    }

    @Property(tries = 200)
    void everyEncodedOutcomeConforms(@ForAll Outcome outcome) {
        assertThat(OUTCOMES.validate(Json.tree(Codec.encode(outcome)))).isEmpty();
    }

    @Example
    void unknownFieldsConformBecauseReadersIgnoreThem() {
        var request = Json.tree(Codec.encode(Samples.REQUEST));
        Json.objects(request).forEach(object -> object.put("x-later", 1));

        assertThat(REQUESTS.validate(request)).isEmpty();
    }

    @Example
    void whatReadersMissTheSchemaMissesToo() {
        var tree = Json.tree(Codec.encode(Samples.REQUEST));
        for (JsonPointer field : Json.fields(tree)) {
            var without = Json.without(tree, field);

            assertThat(REQUESTS.validate(without).isEmpty())
                    .as("a request without %s conforms to the schema, as it does to the reader", field)
                    .isEqualTo(isRead(Json.bytes(without)));
        }
    }

    @Example
    void theVersionIsTheOneThatTheCodeWrites() {
        assertThat(REQUEST.at("/properties/version/const").asInt()).isEqualTo(ErasureRequest.VERSION);
        assertThat(OUTCOME.at("/properties/version/const").asInt()).isEqualTo(ErasureRequest.VERSION);
    }

    @Example
    void fieldsAndRequiredFieldsAreThoseOfTheRecords() {
        assertDescribes(REQUEST, ErasureRequest.class, "version");
        assertDescribes(REQUEST.at("/properties/trigger"), Trigger.class);
        assertDescribes(REQUEST.at("/properties/subject"), SealedSubject.class);
        assertDescribes(OUTCOME, Outcome.class, "version");
        assertDescribes(OUTCOME.at("/properties/targets/items"), TargetOutcome.class);
        assertDescribes(OUTCOME.at("/properties/by"), Maker.class);
    }

    @Example
    void statusesAndActionsAreThoseOfTheCode() {
        assertThat(texts(OUTCOME.at("/properties/status/enum")))
                .isEqualTo(Arrays.stream(Status.values()).map(Status::name).collect(toSet()));
        assertThat(texts(OUTCOME.at("/properties/targets/items/properties/action/enum")))
                .isEqualTo(Arrays.stream(Action.values())
                        .map(action -> action.name().toLowerCase(Locale.ROOT))
                        .collect(toSet()));
    }

    private static void assertDescribes(JsonNode schema, Class<? extends Record> type, String... more) {
        Set<String> all = components(type, component -> true);
        Set<String> required =
                components(type, component -> !component.getAnnotatedType().isAnnotationPresent(Nullable.class));
        for (String name : more) {
            all.add(name);
            required.add(name);
        }

        assertThat(schema.path("properties").fieldNames())
                .toIterable()
                .as("properties of the schema of %s", type.getSimpleName())
                .containsExactlyInAnyOrderElementsOf(all);
        assertThat(texts(schema.path("required")))
                .as("required fields of the schema of %s", type.getSimpleName())
                .isEqualTo(required);
    }

    private static Set<String> components(Class<? extends Record> type, Predicate<RecordComponent> which) {
        return Arrays.stream(type.getRecordComponents())
                .filter(which)
                .map(RecordComponent::getName)
                .collect(toSet());
    }

    private static Set<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .collect(toSet());
    }

    private static boolean isRead(byte[] value) {
        try {
            Codec.decodeRequest(value);
            return true;
        } catch (UnreadableRecordException e) {
            return false;
        }
    }

    private static JsonSchema schema(JsonNode json) {
        var config =
                SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();
        return JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(json, config);
    }

    private static JsonNode resource(String name) {
        try (InputStream in = Objects.requireNonNull(Codec.class.getResourceAsStream(name), name)) {
            return Json.tree(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
