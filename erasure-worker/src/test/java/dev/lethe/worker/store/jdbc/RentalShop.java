package dev.lethe.worker.store.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** {@code rental}: everything hangs on a uuid; customers may be employees, and pay for each other. */
final class RentalShop extends Company {
    private static final int STORES = 6;
    private static final int TITLES = 40;
    private static final int COPIES = 3;

    @Override
    String name() {
        return "rental";
    }

    @Override
    List<String> schemas(SqlServer server) {
        return List.of(server.schema(), "billing");
    }

    @Override
    boolean mayTell(String row) {
        return row.startsWith("billing.invoices: ") && row.matches(".*issued_on=202.*");
    }

    @Override
    List<String> derived() {
        return List.of("audit_log");
    }

    /** A review that belongs to two people who are erased together takes the name of either. */
    @Override
    String comparable(String row) {
        return row.replaceFirst("author_name=deleted-[0-9]{22}", "author_name=deleted-{subjectKey}");
    }

    @Override
    Seed seed(List<Person> people, Random random) {
        return new Rows(people, random).seed();
    }

    private static final class Rows {
        private final List<Person> people;
        private final Random random;
        private final Seed seed = new Seed();
        private final List<Person> employees = new ArrayList<>();
        private final List<Person> customers = new ArrayList<>();
        private long id = 100;

        private final Seed.Table stores = seed.table("stores", "id", "city");
        private final Seed.Table staff = seed.table("employees", "id", "store_id", "manager_id", "name", "work_email");
        private final Seed.Table accounts =
                seed.table("customers", "id", "email", "full_name", "phone", "referred_by", "updated_at");
        private final Seed.Table addresses = seed.table("addresses", "id", "customer_id", "street", "city");
        private final Seed.Table titles = seed.table("titles", "id", "name");
        private final Seed.Table copies = seed.table("copies", "title_id", "copy_no", "store_id");
        private final Seed.Table rentals =
                seed.table("rentals", "id", "rented_on", "customer_id", "title_id", "copy_no", "employee_id");
        private final Seed.Table events = seed.table("rental_events", "rental_id", "rented_on", "seq", "remark");
        private final Seed.Table payments =
                seed.table("payments", "customer_id", "id", "rental_id", "rented_on", "amount", "card_holder");
        private final Seed.Table reservations = seed.table("reservations", "customer_id", "title_id", "status");
        private final Seed.Table memberships = seed.table("memberships", "customer_id", "level");
        private final Seed.Table cards = seed.table("membership_cards", "card_no", "customer_id");
        private final Seed.Table swipes = seed.table("card_swipes", "card_no", "store_id", "swiped_at");
        private final Seed.Table reviews = seed.table(
                "reviews",
                "id",
                "title_id",
                "customer_id",
                "author_name",
                "author_email",
                "ip",
                "token",
                "body",
                "updated_at");
        private final Seed.Table votes = seed.table("review_votes", "review_id", "voter_id", "helpful");
        private final Seed.Table giftCards = seed.table("gift_cards", "code", "balance", "buyer_id", "recipient_id");
        private final Seed.Table optins = seed.table("newsletter_optins", "email", "opted_in");
        private final Seed.Table notes = seed.table("Staff Notes", "Id", "Customer", "order", "Text");
        private final Seed.Table views = seed.table("page_views", "visitor", "viewed_on", "path");
        private final Seed.Table invoices = seed.table(
                "billing.invoices", "number", "customer_ref", "billing_name", "billing_email", "total", "issued_on");
        private final Seed.Table lines = seed.table("billing.invoice_lines", "number", "line_no", "wording");

        private Rows(List<Person> people, Random random) {
            this.people = people;
            this.random = random;
        }

        private Seed seed() {
            catalogue();
            people.stream().filter(person -> random.nextInt(12) == 0).forEach(this::employee);
            for (int store = 1; store <= STORES; store++) {
                seed.update(
                        "UPDATE stores SET manager_id = ? WHERE id = ?",
                        any(employees).userId(),
                        store);
            }
            people.stream().filter(person -> random.nextInt(20) > 0).forEach(this::customer);
            customers.forEach(this::belongings);
            nobody();
            return seed;
        }

        private void catalogue() {
            for (int store = 1; store <= STORES; store++) {
                stores.nobodys(store, "City " + store);
            }
            for (int title = 1; title <= TITLES; title++) {
                titles.nobodys(title, "Film " + title);
                for (int copy = 1; copy <= COPIES; copy++) {
                    copies.nobodys(title, copy, 1 + random.nextInt(STORES));
                }
            }
        }

        private void employee(Person person) {
            staff.of(
                    person,
                    person.userId(),
                    1 + random.nextInt(STORES),
                    employees.isEmpty() ? null : any(employees).userId(),
                    person.name(),
                    person.username() + "@shop.example");
            employees.add(person);
        }

        private void customer(Person person) {
            accounts.of(
                    person,
                    person.userId(),
                    person.email(),
                    person.name(),
                    "+49 30 " + person.number(),
                    customers.isEmpty() || random.nextInt(3) > 0
                            ? null
                            : any(customers).userId(),
                    "2019-05-05 10:00:00");
            customers.add(person);
            for (int address = 0; address < 1 + random.nextInt(2); address++) {
                addresses.of(person, ++id, person.userId(), "c/o " + person.name(), "City " + random.nextInt(9));
            }
            seed.update("UPDATE customers SET default_address_id = ? WHERE id = ?", id, person.userId());
        }

        private void belongings(Person person) {
            for (int rental = random.nextInt(4); rental > 0; rental--) {
                rental(person);
            }
            if (random.nextInt(5) > 1) {
                membership(person);
            }
            for (int review = random.nextInt(3); review > 0; review--) {
                review(person);
            }
            int first = random.nextInt(TITLES / 2);
            for (int reservation = random.nextInt(3); reservation > 0; reservation--) {
                reservations.of(person, person.userId(), first + reservation, reservation == 1 ? "ready" : "waiting");
            }
            if (random.nextInt(3) == 0) {
                Person recipient = any(customers);
                giftCards.nobodys(
                        "G-" + ++id,
                        random.nextInt(50),
                        person.userId(),
                        recipient.equals(person) ? null : recipient.userId());
            }
            if (random.nextInt(2) == 0) {
                person.emails().forEach(email -> optins.of(person, cased(email), "2018-02-03"));
                optins.of(person, person.email().toUpperCase(Locale.ROOT), "2018-02-04");
            }
            if (random.nextInt(5) == 0) {
                notes.of(person, ++id, person.userId(), random.nextInt(9), person.name() + " called");
            }
            for (int view = random.nextInt(4); view > 0; view--) {
                views.of(person, person.userId(), day(2023 + random.nextInt(2)), "/films/" + random.nextInt(TITLES));
            }
            for (int invoice = random.nextInt(4); invoice > 0; invoice--) {
                invoice(person);
            }
        }

        private void rental(Person person) {
            String rentedOn = day(2023 + random.nextInt(3));
            long rental = ++id;
            rentals.of(
                    person,
                    rental,
                    rentedOn,
                    person.userId(),
                    1 + random.nextInt(TITLES),
                    1 + random.nextInt(COPIES),
                    random.nextInt(4) == 0 ? null : any(employees).userId());
            for (int event = random.nextInt(3); event > 0; event--) {
                events.of(person, rental, rentedOn, event, "seen by " + person.name());
            }
            Person payer = random.nextInt(5) == 0 ? any(customers) : person;
            payments.row(List.of(person, payer), payer.userId(), ++id, rental, rentedOn, "4.50", payer.name());
            payments.of(person, person.userId(), ++id, null, null, "1.00", null);
        }

        private void membership(Person person) {
            memberships.of(person, person.userId(), random.nextBoolean() ? "gold" : "basic");
            for (int card = 1 + random.nextInt(2); card > 0; card--) {
                String number = "C" + ++id;
                cards.of(person, number, person.userId());
                for (int swipe = random.nextInt(4); swipe > 0; swipe--) {
                    swipes.of(person, number, 1 + random.nextInt(STORES), "2024-03-04 10:00:00");
                }
            }
        }

        /** Some were written under an address that is another customer's. */
        private void review(Person person) {
            Person addressee = random.nextInt(8) == 0 ? any(customers) : person;
            reviews.nobodys(
                    ++id,
                    1 + random.nextInt(TITLES),
                    random.nextInt(6) == 0 && addressee.equals(person) ? null : person.userId(),
                    "a guest",
                    addressee.emails().getLast(),
                    random.nextInt(5) == 0 ? null : "10.0.0." + random.nextInt(250),
                    "t-" + id,
                    "I liked it",
                    "2019-06-06 10:00:00");
            Person voter = any(customers);
            votes.of(voter, id, voter.userId(), random.nextBoolean() ? "1" : "0");
        }

        private void invoice(Person person) {
            String number = "I-" + ++id;
            invoices.nobodys(
                    number,
                    person.userId(),
                    person.name(),
                    person.email(),
                    random.nextInt(90),
                    day(random.nextInt(3) == 0 ? 2009 : 2023));
            lines.nobodys(number, 1, "a film");
            lines.nobodys(number, 2, "a fee");
        }

        private void nobody() {
            optins.nobodys("somebody@example.com", "2018-02-03");
            views.nobodys(Person.uuid(random), "2024-01-01", "/");
            giftCards.nobodys("G-0", 5, null, null);
            reviews.nobodys(1, 1, null, "a guest", null, null, "t-1", "I did not", "2019-06-06 10:00:00");
            invoices.nobodys("I-0", null, "over the counter", null, 5, "2009-01-01");
        }

        private String cased(String email) {
            return random.nextBoolean() ? email : email.toLowerCase(Locale.ROOT);
        }

        private String day(int year) {
            return "%d-%02d-%02d".formatted(year, 1 + random.nextInt(12), 1 + random.nextInt(28));
        }

        private Person any(List<Person> some) {
            return some.get(random.nextInt(some.size()));
        }
    }
}
