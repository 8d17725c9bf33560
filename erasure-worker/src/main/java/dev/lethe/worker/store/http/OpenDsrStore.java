package dev.lethe.worker.store.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lethe.events.Outcome.Action;
import dev.lethe.events.Outcome.TargetOutcome;
import dev.lethe.events.Subject;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.Occasion;
import dev.lethe.worker.store.Remaining;
import dev.lethe.worker.store.StoreFailureException;
import dev.lethe.worker.store.StorePlan;
import dev.lethe.worker.store.StoreResult;
import dev.lethe.worker.store.StoreUnavailableException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * Erases by asking a processor that speaks OpenDSR: a request per subject, whose status is followed. The processor says that a
 * request is completed, not what was erased: an item is a request.
 *
 * @see <a href="https://github.com/opengdpr/OpenDSR/blob/master/specification.md">OpenDSR 2.0</a>
 */
final class OpenDsrStore implements ErasureStore {
    private static final String VERSION = "2.0";
    private static final String REQUEST = HttpStore.REQUEST;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpStoreConfig config;
    private final InstantSource clock;
    private final Service service;
    private final OpenDsrSignature signature;
    private final Crew crew;
    private volatile boolean feasible;

    OpenDsrStore(String name, HttpStoreConfig config, InstantSource clock) {
        this.config = config;
        this.clock = clock;
        this.service = new Service(config, clock);
        this.signature = new OpenDsrSignature(config);
        this.crew = new Crew(name, config.concurrency());
    }

    @Override
    public List<StoreResult> erase(List<Subject> subjects) throws StoreUnavailableException {
        return erase(
                subjects,
                subjects.stream()
                        .map(subject -> Occasion.ofItsOwn(clock.instant()))
                        .toList());
    }

    @Override
    public List<StoreResult> erase(List<Subject> subjects, List<Occasion> occasions) throws StoreUnavailableException {
        demandFeasible();
        List<Asked> asked = IntStream.range(0, subjects.size())
                .mapToObj(i -> new Asked(subjects.get(i), occasions.get(i)))
                .toList();
        return crew.all(asked, this::erased);
    }

    private StoreResult erased(Asked asked) throws StoreUnavailableException {
        Optional<String> unfit = Asked.unfit(asked.subject(), config);
        if (unfit.isPresent()) {
            return new StoreResult.Unresolved(unfit.get());
        }
        String id = requestId(asked.occasion());
        Answer answer = service.post(
                address("requests"),
                Messages.text(request(id, asked)),
                asked.occasion().id(),
                asked.occasion().traceparent());
        if (answer.status() == 201) {
            return followed(id, signature.verified(answer));
        }
        if (answer.isNotFound() || answer.status() == 405 || answer.isDone() || answer.isAccepted()) {
            feasible = false;
            throw misconfigured("the processor answers " + answer.status() + " to a request: check the url");
        }
        // Perhaps it has the request already: of a try whose answer was lost.
        Answer status = status(id);
        return status.isDone() ? followed(id, status) : new StoreResult.Failed("HTTP_" + answer.status());
    }

    /** Section 7.1. */
    private ObjectNode request(String id, Asked asked) {
        ObjectNode request = JSON.createObjectNode()
                .put("regulation", config.openDsr().regulation())
                .put("subject_request_id", id)
                .put("subject_request_type", "erasure")
                .put("submitted_time", asked.occasion().requestedAt().toString())
                .put("api_version", VERSION);
        var identities = request.putArray("subject_identities");
        config.openDsr()
                .identities()
                .forEach((type, identifier) -> asked.subject()
                        .values(identifier)
                        .forEach(value -> identities
                                .addObject()
                                .put("identity_type", type)
                                .put("identity_value", value)
                                .put("identity_format", "raw")));
        if (!config.openDsr().statusCallbackUrls().isEmpty()) {
            var urls = request.putArray("status_callback_urls");
            config.openDsr().statusCallbackUrls().forEach(urls::add);
        }
        return request;
    }

    /** Looks at the request until it is completed, or for long enough: then it is scheduled. */
    private StoreResult followed(String id, Answer first) throws StoreUnavailableException {
        var patience = new Patience(config.polling());
        Answer latest = first;
        do {
            switch (latest.json().path("request_status").asText("pending")) {
                case "completed" -> {
                    return new StoreResult.Settled(List.of(TargetOutcome.deleted(REQUEST, 1)));
                }
                case "cancelled" -> {
                    return new StoreResult.Failed("CANCELLED");
                }
                default -> {
                    if (!patience.pause(latest)) {
                        return scheduled(latest);
                    }
                    latest = status(id);
                }
            }
        } while (latest.isDone());
        return scheduled(first);
    }

    private StoreResult scheduled(Answer answer) {
        Instant until = answer.instant("expected_completion_time")
                .orElseGet(() -> clock.instant().plus(config.polling().completesWithin()));
        return new StoreResult.Settled(List.of(TargetOutcome.scheduled(REQUEST, 1, until)));
    }

    /** Section 8.1. */
    private Answer status(String id) throws StoreUnavailableException {
        Answer answer = service.get(address("requests/" + id));
        return answer.isDone() ? signature.verified(answer) : answer;
    }

    /** A UUID of version 4 in form, which section 7.1 demands: the same each time that the same is asked. */
    private static String requestId(Occasion occasion) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(occasion.id().getBytes(StandardCharsets.UTF_8));
            var bits = ByteBuffer.wrap(digest);
            long most = (bits.getLong() & 0xffffffffffff0fffL) | 0x4000L;
            long least = (bits.getLong() & 0x3fffffffffffffffL) | 0x8000000000000000L;
            return new UUID(most, least).toString();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is in every Java", e);
        }
    }

    private URI address(String path) {
        String base = config.url().toString();
        return URI.create(base + (base.endsWith("/") ? "" : "/") + path);
    }

    /** There is no read-back in the specification. */
    @Override
    public boolean canCount() {
        return false;
    }

    @Override
    public List<Remaining> count(List<Subject> subjects) {
        throw new StoreFailureException("NO_READ_BACK");
    }

    private void demandFeasible() throws StoreUnavailableException {
        if (!feasible) {
            List<String> obstacles = plan().obstacles();
            if (!obstacles.isEmpty()) {
                throw misconfigured(String.join("; ", obstacles));
            }
            feasible = true;
        }
    }

    /** Asks what the processor supports: section 6. */
    @Override
    public StorePlan plan() throws StoreUnavailableException {
        Answer answer = service.get(address("discovery"));
        var survey = new Survey(config);
        survey.see("url", answer);
        var obstacles = new ArrayList<String>();
        if (answer.status() == 200) {
            obstacles.addAll(missing(signature.verified(answer).json()));
        } else if (!answer.isNotFound() && answer.status() != 405) {
            obstacles.add("discovery answers " + answer.status() + ": check the url");
        }
        String told = "told " + String.join(", ", config.openDsr().identities().keySet());
        return survey.plan(
                List.of(new StorePlan.Step(REQUEST, Action.DELETE, "POST " + address("requests") + ", " + told)),
                obstacles);
    }

    private List<String> missing(JsonNode discovered) {
        var obstacles = new ArrayList<String>();
        String version = discovered.path("api_version").asText();
        if (!version.startsWith("2.")) {
            obstacles.add("the processor speaks OpenDSR \"" + version + "\", not " + VERSION);
        }
        if (!discovered.path("supported_subject_request_types").toString().contains("\"erasure\"")) {
            obstacles.add("the processor takes no requests of type erasure");
        }
        var supported = new LinkedHashSet<String>();
        discovered.path("supported_identities").forEach(identity -> {
            if (identity.path("identity_format").asText().equals("raw")) {
                supported.add(identity.path("identity_type").asText());
            }
        });
        config.openDsr().identities().keySet().stream()
                .filter(type -> !supported.contains(type))
                .forEach(type -> obstacles.add("the processor does not take identities of type \"" + type
                        + "\" in format raw: it takes " + String.join(", ", supported)));
        return obstacles;
    }

    private static StoreUnavailableException misconfigured(String message) {
        return new StoreUnavailableException("MISCONFIGURED", message);
    }

    @Override
    public void close() {
        crew.close();
        service.close();
    }
}
