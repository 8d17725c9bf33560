package dev.lethe.worker.store.http;

import com.fasterxml.jackson.databind.JsonNode;
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
import dev.lethe.worker.store.http.HttpStoreConfig.Mode;
import dev.lethe.worker.store.http.HttpStoreConfig.NotFound;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Erases by asking a service that speaks Lethe's own protocol, which docs/http-store.md describes. */
final class HttpStore implements ErasureStore {
    /** The target of a service that counts nothing: an item is a request that it has done. */
    static final String REQUEST = "request";

    private static final String BATCH = "batch-";

    private final HttpStoreConfig config;
    private final InstantSource clock;
    private final Service service;
    private final Messages messages;
    private final Crew crew;
    private volatile boolean feasible;

    HttpStore(String name, HttpStoreConfig config, InstantSource clock) {
        this.config = config;
        this.clock = clock;
        this.service = new Service(config, clock);
        this.messages = new Messages(config);
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
        var results = new ArrayList<@Nullable StoreResult>();
        var asked = new ArrayList<Asked>();
        for (int i = 0; i < subjects.size(); i++) {
            Optional<String> unfit = Asked.unfit(subjects.get(i), config);
            results.add(unfit.map(StoreResult.Unresolved::new).orElse(null));
            if (unfit.isEmpty()) {
                asked.add(new Asked(subjects.get(i), occasions.get(i)));
            }
        }
        var done = crew.all(inRequests(asked), this::erased).stream()
                .flatMap(List::stream)
                .iterator();
        return results.stream()
                .map(result -> result == null ? done.next() : result)
                .toList();
    }

    private <T> List<List<T>> inRequests(List<T> all) {
        int size = config.mode() == Mode.SUBJECT ? 1 : config.batchSize();
        return IntStream.range(0, Math.ceilDiv(all.size(), size))
                .mapToObj(n -> all.subList(n * size, Math.min(all.size(), (n + 1) * size)))
                .toList();
    }

    /** One result per subject. A refused request is taken apart, as nothing of it has happened. */
    private List<StoreResult> erased(List<Asked> asked) throws StoreUnavailableException {
        Answer answer = service.post(config.url(), messages.erasure(asked), idOf(asked), traceOf(asked));
        if (answer.isDone()) {
            return settled(answer, asked);
        }
        if (answer.isAccepted()) {
            return followed(answer, asked);
        }
        if (answer.isNotFound() && config.notFound() == NotFound.ABSENT) {
            return asked.stream().map(one -> absent()).toList();
        }
        if (answer.isNotFound() || answer.status() == 405) {
            feasible = false;
            throw notThere(answer);
        }
        if (asked.size() == 1) {
            return List.of(new StoreResult.Failed("HTTP_" + answer.status()));
        }
        var results = new ArrayList<>(erased(asked.subList(0, asked.size() / 2)));
        results.addAll(erased(asked.subList(asked.size() / 2, asked.size())));
        return results;
    }

    private List<StoreResult> settled(Answer answer, List<Asked> asked) throws StoreUnavailableException {
        if (config.targets().isEmpty()) {
            return asked.stream().map(one -> done(Map.of(REQUEST, 1L))).toList();
        }
        return messages.items(answer, subjectsOf(asked)).stream()
                .map(HttpStore::done)
                .toList();
    }

    private static StoreResult done(Map<String, Long> items) {
        return new StoreResult.Settled(items.entrySet().stream()
                .map(target -> TargetOutcome.deleted(target.getKey(), target.getValue()))
                .toList());
    }

    private StoreResult absent() {
        var nothing = new LinkedHashMap<String, Long>();
        targets().forEach(target -> nothing.put(target, 0L));
        return done(nothing);
    }

    /** Looks at accepted work until it is done, or for long enough: then it is scheduled. */
    private List<StoreResult> followed(Answer accepted, List<Asked> asked) throws StoreUnavailableException {
        Optional<URI> statusUrl = accepted.statusUrl(config.url());
        if (statusUrl.isPresent() && !isOfThisService(statusUrl.get())) {
            throw new StoreUnavailableException(
                    "MISCONFIGURED", "the service's status is at another host, where no credentials are sent");
        }
        var patience = new Patience(config.polling());
        Answer latest = accepted;
        while (statusUrl.isPresent() && patience.pause(latest)) {
            Answer status = service.get(statusUrl.get());
            switch (stateOf(status)) {
                case "completed" -> {
                    return settled(status, asked);
                }
                case "cancelled" -> {
                    return asked.stream()
                            .<StoreResult>map(one -> new StoreResult.Failed("CANCELLED"))
                            .toList();
                }
                case "pending", "in_progress" -> latest = status;
                default -> statusUrl = Optional.empty();
            }
        }
        return scheduled(latest, asked);
    }

    private static String stateOf(Answer status) {
        JsonNode said = status.json().path("status");
        if (status.isAccepted()) {
            return said.asText("pending");
        }
        return status.isDone() ? said.asText("completed") : "unknown";
    }

    private List<StoreResult> scheduled(Answer answer, List<Asked> asked) throws StoreUnavailableException {
        Instant until = answer.instant("completesBy")
                .orElseGet(() -> clock.instant().plus(config.polling().completesWithin()));
        boolean isCounted = !config.targets().isEmpty() && answer.json().has("results");
        if (!isCounted) {
            return asked.stream()
                    .map(one -> scheduled(Map.of(REQUEST, 1L), until))
                    .toList();
        }
        return messages.items(answer, subjectsOf(asked)).stream()
                .map(items -> scheduled(items, until))
                .toList();
    }

    private static StoreResult scheduled(Map<String, Long> items, Instant until) {
        return new StoreResult.Settled(items.entrySet().stream()
                .map(target -> TargetOutcome.scheduled(target.getKey(), target.getValue(), until))
                .toList());
    }

    private boolean isOfThisService(URI url) {
        return config.url().getScheme().equals(url.getScheme())
                && config.url().getRawAuthority().equalsIgnoreCase(url.getRawAuthority());
    }

    @Override
    public boolean canCount() {
        return config.readBack().isPresent();
    }

    @Override
    public List<Remaining> count(List<Subject> subjects) throws StoreUnavailableException {
        URI readBack = config.readBack().orElseThrow(() -> new StoreFailureException("NO_READ_BACK"));
        demandFeasible();
        subjects.stream()
                .flatMap(subject -> Asked.unfit(subject, config).stream())
                .findFirst()
                .ifPresent(code -> {
                    throw new StoreFailureException(code);
                });
        return crew.all(inRequests(subjects), some -> counted(readBack, some)).stream()
                .flatMap(List::stream)
                .toList();
    }

    private List<Remaining> counted(URI readBack, List<Subject> subjects) throws StoreUnavailableException {
        String id = Occasion.ofItsOwn(clock.instant()).id();
        Answer answer = service.post(readBack, messages.count(subjects), id, null);
        if (answer.status() == 200) {
            return messages.items(answer, subjects).stream().map(Remaining::new).toList();
        }
        if (answer.isNotFound() && config.notFound() == NotFound.ABSENT) {
            var nothing = new LinkedHashMap<String, Long>();
            config.targets().forEach(target -> nothing.put(target, 0L));
            return List.of(new Remaining(nothing));
        }
        if (answer.isNotFound() || answer.status() == 405 || answer.isDone() || answer.isAccepted()) {
            throw notThere(answer);
        }
        throw new StoreFailureException("HTTP_" + answer.status());
    }

    private static StoreUnavailableException notThere(Answer answer) {
        return new StoreUnavailableException(
                "MISCONFIGURED",
                "the service answers " + answer.status() + ": check url and readBack; if it says so of people whom it"
                        + " does not know, set notFound: absent");
    }

    private void demandFeasible() throws StoreUnavailableException {
        if (!feasible) {
            List<String> obstacles = plan().obstacles();
            if (!obstacles.isEmpty()) {
                throw new StoreUnavailableException("MISCONFIGURED", String.join("; ", obstacles));
            }
            feasible = true;
        }
    }

    @Override
    public StorePlan plan() throws StoreUnavailableException {
        var survey = new Survey(config);
        survey.see("url", probe(config.url(), messages.erasure(List.of())));
        if (config.readBack().isPresent()) {
            survey.see("readBack", probe(config.readBack().get(), messages.count(List.of())));
        }
        String told = "told " + String.join(", ", config.identifiers());
        return survey.plan(
                targets().stream()
                        .map(target -> new StorePlan.Step(target, Action.DELETE, "POST " + config.url() + ", " + told))
                        .toList(),
                List.of());
    }

    /** A request without subjects: there is nothing to do, and everything to be seen. */
    private Answer probe(URI url, String nobody) throws StoreUnavailableException {
        return service.post(url, nobody, Occasion.ofItsOwn(clock.instant()).id(), null);
    }

    private List<String> targets() {
        return config.targets().isEmpty() ? List.of(REQUEST) : config.targets();
    }

    private static List<Subject> subjectsOf(List<Asked> asked) {
        return asked.stream().map(Asked::subject).toList();
    }

    private static String idOf(List<Asked> asked) {
        List<String> ids = asked.stream().map(one -> one.occasion().id()).toList();
        if (ids.size() == 1) {
            return ids.getFirst();
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(String.join("\n", ids).getBytes(StandardCharsets.UTF_8));
            return BATCH + Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is in every Java", e);
        }
    }

    /** The trace of the request, where all of its subjects have the same. */
    private static @Nullable String traceOf(List<Asked> asked) {
        var traces = asked.stream()
                .map(one -> Optional.ofNullable(one.occasion().traceparent()))
                .collect(Collectors.toSet());
        return traces.size() == 1 ? traces.iterator().next().orElse(null) : null;
    }

    @Override
    public void close() {
        crew.close();
        service.close();
    }
}
