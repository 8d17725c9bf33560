package dev.lethe.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lethe.quickstart.sample.People;
import dev.lethe.quickstart.sample.Person;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** A search that finds nothing says something only if it would have found it. */
class LeakSearchTest {
    private static final List<Person> PEOPLE = People.generate(50, 1);

    private final LeakSearch search = LeakSearch.forEverybody(PEOPLE);

    @Test
    void findsEveryIdentifierOfEverybodyWhereverItStandsInARecord() {
        for (Person person : PEOPLE) {
            for (String identifier : person.identifiers()) {
                byte[] leak = ("{\"x\":\"" + identifier + "\"}").getBytes(UTF_8);

                assertThat(leaksIn(record(leak, null))).as("in a key").containsExactly("key of t-3, offset 7");
                assertThat(leaksIn(record(null, leak))).as("in a value").containsExactly("value of t-3, offset 7");
                var headed = record(null, null);
                headed.headers().add("traceparent", leak);
                assertThat(leaksIn(headed)).as("in a header").containsExactly("header traceparent of t-3, offset 7");
                var named = record(null, null);
                named.headers().add(identifier, null);
                assertThat(leaksIn(named))
                        .as("as a header's name")
                        .containsExactly("name of a header of t-3, offset 7");
            }
        }
    }

    @Test
    void findsWhatIsWrittenInCapitals() {
        String shouted = PEOPLE.getFirst().email().toUpperCase(Locale.ROOT);

        assertThat(leaksIn(record(null, shouted.getBytes(UTF_8)))).isNotEmpty();
    }

    /** Encoded is not sealed. At each of the three places where a text can stand in a group of base64. */
    @Test
    void findsWhatIsMerelyEncoded() {
        for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
            for (String before : List.of("", "{", "{\"")) {
                byte[] plaintext = (before + PEOPLE.getFirst().id() + "\"}").getBytes(UTF_8);

                assertThat(leaksIn(record(null, encoder.encode(plaintext))))
                        .as("behind %d bytes", before.length())
                        .isNotEmpty();
            }
        }
    }

    @Test
    void findsNothingWhereNothingIs() {
        assertThat(leaksIn(record("erase".getBytes(UTF_8), "{\"customers\":1}".getBytes(UTF_8))))
                .isEmpty();
    }

    private List<String> leaksIn(ConsumerRecord<byte[], byte[]> record) {
        int before = search.leaks().size();
        search.inRecord(record);
        return search.leaks().subList(before, search.leaks().size());
    }

    private static ConsumerRecord<byte[], byte[]> record(byte[] key, byte[] value) {
        return new ConsumerRecord<>("t", 3, 7, key, value);
    }
}
