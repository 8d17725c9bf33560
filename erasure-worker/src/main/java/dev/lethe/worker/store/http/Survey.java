package dev.lethe.worker.store.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lethe.worker.store.StorePlan;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a service's answers to requests without subjects tell about it. */
final class Survey {
    private final HttpStoreConfig config;
    private final List<String> obstacles = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    Survey(HttpStoreConfig config) {
        this.config = config;
        warnOfPlainText("url", config.url());
        config.readBack().ifPresent(url -> warnOfPlainText("readBack", url));
        if (config.readBack().isEmpty()) {
            warnings.add("readBack is none: nobody can see whether the service has really erased");
        }
        if (config.targets().isEmpty()) {
            warnings.add("no targets: an erasure that the service says it has done counts as 1 request");
        }
    }

    private void warnOfPlainText(String key, URI url) {
        if (!Service.isTls(url) && !Set.of("localhost", "127.0.0.1", "[::1]").contains(url.getHost())) {
            warnings.add(key + " is without TLS: identifiers can be read on the way");
        }
    }

    void see(String key, Answer answer) {
        if (answer.isNotFound() || answer.status() == 405) {
            obstacles.add(key + " answers " + answer.status() + ": nothing there takes requests, correct the address");
        } else if (config.targets().isEmpty()) {
            return;
        } else if (answer.status() != 200) {
            obstacles.add(key + " answers " + answer.status()
                    + " to a request without subjects: it must answer 200, and name its targets");
        } else {
            compare(key, counted(answer.json()));
        }
    }

    private static Optional<Set<String>> counted(JsonNode answer) {
        if (!answer.path("targets").isArray()) {
            return Optional.empty();
        }
        var names = new LinkedHashSet<String>();
        answer.path("targets").forEach(target -> names.add(target.asText()));
        return Optional.of(names);
    }

    private void compare(String key, Optional<Set<String>> counted) {
        if (counted.isEmpty()) {
            obstacles.add(key + " does not name its targets in answer to a request without subjects");
            return;
        }
        config.targets().stream()
                .filter(target -> !counted.get().contains(target))
                .forEach(target -> obstacles.add(
                        key + " does not count \"" + target + "\": it counts " + String.join(", ", counted.get())));
        counted.get().stream()
                .filter(target -> !config.targets().contains(target))
                .forEach(target -> warnings.add(key + " also counts \"" + target + "\", which targets leaves out"));
    }

    StorePlan plan(List<StorePlan.Step> steps, List<String> further) {
        obstacles.addAll(further);
        return new StorePlan(steps, obstacles, warnings);
    }
}
