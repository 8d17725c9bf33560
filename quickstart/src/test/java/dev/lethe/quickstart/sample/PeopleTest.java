package dev.lethe.quickstart.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class PeopleTest {

    private final List<Person> people = People.generate(2000, 42);

    @Test
    void areTheSameForTheSameSeed() {
        assertThat(People.generate(100, 42)).isEqualTo(people.subList(0, 100));
        assertThat(People.generate(100, 43)).isNotEqualTo(people.subList(0, 100));
    }

    @Test
    void shareNoIdentifierButTheirNames() {
        assertThat(people).extracting(Person::id).doesNotHaveDuplicates();
        assertThat(people).extracting(Person::email).doesNotHaveDuplicates();
        assertThat(people).extracting(Person::phone).doesNotHaveDuplicates();
        assertThat(people)
                .extracting(person -> person.username().toLowerCase(Locale.ROOT))
                .doesNotHaveDuplicates();
        assertThat(people.get(6).fullName()).isEqualTo(people.get(5).fullName());
    }

    @Test
    void resembleOneAnother() {
        String email = people.getFirst().email();

        assertThat(people.get(1).email()).startsWith(email).isNotEqualTo(email);
        assertThat(people.get(2).email()).contains("%");
        assertThat(people.get(3).email()).matches(email.replace(".", "\\.").replace('_', '.'));
        assertThat(people.get(4).email().toLowerCase(Locale.ROOT)).isEqualTo(email);
        assertThat(people).anyMatch(person -> person.fullName().contains("'"));
        assertThat(people).anyMatch(person -> person.fullName().chars().anyMatch(letter -> letter > 127));
    }

    @Test
    void doNotShowUpInMessages() {
        Person person = people.getFirst();

        assertThat(person.identifiers()).noneMatch(person.toString()::contains);
    }
}
