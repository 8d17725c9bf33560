package dev.lethe.quickstart;

import dev.lethe.events.Codec;
import dev.lethe.events.Outcome;
import dev.lethe.events.Outcome.Status;
import dev.lethe.events.SubjectKey;
import dev.lethe.events.TopicDefinition;
import dev.lethe.events.UnreadableRecordException;
import dev.lethe.kafka.KafkaConfig;
import dev.lethe.kafka.TopicReader;
import dev.lethe.keys.KeyFile;
import dev.lethe.keys.KeyFile.KeyFileException;
import dev.lethe.quickstart.sample.Person;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;

/** Deletes one user in FusionAuth while another webhook fails, and watches that nothing comes of it. */
final class RolledBackDeletion {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Installation installation;

    RolledBackDeletion(Installation installation) {
        this.installation = installation;
    }

    /**
     * What was seen.
     *
     * @param person who was to be deleted
     * @param status FusionAuth's answer to the delete
     * @param known FusionAuth's answer when asked for the user afterwards
     * @param outcome what Lethe says of it; empty if nothing in time
     * @param rows the person's rows
     * @param untouched whether those, and everybody else's, are byte for byte as before
     */
    record Report(Person person, int status, int known, Optional<Outcome> outcome, long rows, boolean untouched) {
        boolean isVerified() {
            return status == 504 && known == 200 && outcome.isPresent() && rows > 0 && untouched;
        }
    }

    Report watch(Person person)
            throws IOException, SQLException, KeyFileException, UnreadableRecordException, InterruptedException {
        var api = new FusionAuthApi(installation.fusionAuth());
        Map<String, ?> before = contents();
        Instant start = Instant.now();
        UUID failing = api.registerFailingWebhook();
        int status = api.deleteUser(person.id());
        api.removeWebhook(failing);
        Optional<Outcome> outcome = withdrawal(person, start);
        return new Report(
                person,
                status,
                api.getUser(person.id()),
                outcome,
                rowsOf(person),
                contents().equals(before));
    }

    private Optional<Outcome> withdrawal(Person person, Instant since)
            throws KeyFileException, UnreadableRecordException, InterruptedException {
        SubjectKey subject = KeyFile.load(installation.keys())
                .subjectKey(Installation.TENANT.toString(), person.id().toString());
        var properties = Map.of("bootstrap.servers", installation.kafka().bootstrapServers());
        long begun = System.nanoTime();
        try (Admin admin = Admin.create(Map.copyOf(properties));
                var reader = new TopicReader(new KafkaConfig(properties), admin)) {
            do {
                for (var record : reader.all(TopicDefinition.OUTCOMES)) {
                    Outcome outcome = Codec.decodeOutcome(record.value());
                    if (outcome.status() == Status.WITHDRAWN
                            && outcome.subjectKey().equals(subject)
                            && outcome.at().isAfter(since)) {
                        return Optional.of(outcome);
                    }
                }
            } while (System.nanoTime() - begun < PATIENCE.toNanos());
            return Optional.empty();
        }
    }

    private Map<String, ?> contents() throws SQLException {
        var contents = new LinkedHashMap<String, Object>();
        for (var database : installation.databases().entrySet()) {
            contents.put(database.getKey(), database.getValue().digestWithout(List.of()));
        }
        return contents;
    }

    private long rowsOf(Person person) throws SQLException {
        long rows = 0;
        for (var database : installation.databases().values()) {
            rows += database.rowsOf(person.id()).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
        }
        return rows;
    }
}
