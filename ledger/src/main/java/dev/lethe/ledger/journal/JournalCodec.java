package dev.lethe.ledger.journal;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.lethe.events.UnreadableRecordException;
import dev.lethe.events.UnreadableRecordException.Reason;
import java.io.UncheckedIOException;

/** JSON of the journal, version 1. Readers ignore unknown fields and refuse unknown versions. Safe for any thread. */
public final class JournalCodec {
    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .defaultPropertyInclusion(JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, null))
            .build();

    private JournalCodec() {}

    /** One line of JSON; always the same for the same entry. */
    public static String encode(JournalEntry entry) {
        try {
            return JSON.writerFor(JournalEntry.class).writeValueAsString(entry);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws UnreadableRecordException if this is no entry of version 1 */
    public static JournalEntry decode(String content) throws UnreadableRecordException {
        try {
            JsonNode tree = JSON.readTree(content);
            JsonNode version = tree.path("version");
            if (!version.isInt()) {
                throw new UnreadableRecordException(Reason.UNDECODABLE);
            }
            if (version.intValue() != JournalEntry.VERSION) {
                throw new UnreadableRecordException(Reason.UNKNOWN_VERSION);
            }
            return JSON.treeToValue(tree, JournalEntry.class);
        } catch (JsonProcessingException e) {
            throw new UnreadableRecordException(Reason.UNDECODABLE);
        }
    }
}
