package dev.lethe.worker.store.http;

import dev.lethe.events.Subject;
import dev.lethe.worker.store.Side;
import java.util.List;

/** A service with newsletters and surveys. */
public final class HttpSide implements Side {
    private final NewsService service = new NewsService();

    @Override
    public String name() {
        return "http";
    }

    @Override
    public String configuration() {
        return ("{ type: http, url: \"%s\", readBack: \"%s\", secret: %s, mode: subject, identifiers: [ userId, email"
                        + " ], targets: [ subscriptions, surveys ] }")
                .formatted(service.url("/erasures"), service.url("/counts"), NewsService.SECRET);
    }

    @Override
    public void plant(List<Subject> subjects) {
        for (Subject subject : subjects) {
            service.subscribe(subject.values("email").getFirst());
            service.survey(subject.userId());
        }
    }

    @Override
    public List<String> contents() {
        return service.contents();
    }

    @Override
    public void cutOff() {
        service.cutOff();
    }

    @Override
    public void bringBack() {
        service.bringBack();
    }

    @Override
    public void close() {
        service.close();
    }
}
