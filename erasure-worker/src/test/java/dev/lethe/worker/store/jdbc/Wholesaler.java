package dev.lethe.worker.store.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** {@code wholesale}: accounts with branches, numbered by a bigint; keys of up to three columns, four levels deep. */
final class Wholesaler extends Company {
    private static final int SUPPLIERS = 4;
    private static final int PRODUCTS = 10;
    private static final int SHIPMENTS = 60;

    @Override
    String name() {
        return "wholesale";
    }

    @Override
    List<String> schemas(SqlServer server) {
        return List.of("sales", "crm");
    }

    @Override
    boolean mayTell(String row) {
        return row.startsWith("sales.invoices: ") && row.matches(".*issued_on=202.*")
                || row.startsWith("sales.sessions: ") && row.contains("kind=service");
    }

    @Override
    List<String> derived() {
        return List.of("shipments");
    }

    @Override
    Seed seed(List<Person> people, Random random) {
        return new Rows(people, random).seed();
    }

    private record Account(long number, Person person) {}

    private static final class Rows {
        private final List<Person> people;
        private final Random random;
        private final Seed seed = new Seed();
        private final List<Account> accounts = new ArrayList<>();
        private long id = 100;

        private final Seed.Table countries = seed.table("countries", "code", "name");
        private final Seed.Table suppliers = seed.table("suppliers", "id", "name");
        private final Seed.Table products = seed.table("products", "supplier_id", "sku", "name", "price");
        private final Seed.Table customers =
                seed.table("customers", "id", "kind", "parent_id", "name", "email", "country");
        private final Seed.Table contracts = seed.table("contracts", "id", "customer_id", "current_version");
        private final Seed.Table versions = seed.table("contract_versions", "contract_id", "version", "signed_by");
        private final Seed.Table orders = seed.table("order", "id", "customer_id", "deliver_to", "ordered_on", "user");
        private final Seed.Table lines =
                seed.table("order_lines", "order_id", "line_no", "supplier_id", "sku", "quantity", "price");
        private final Seed.Table shipments = seed.table("shipments", "id", "shipped_on");
        private final Seed.Table shipped = seed.table("shipment_lines", "shipment_id", "order_id", "line_no");
        private final Seed.Table returns = seed.table("returns", "order_id", "line_no", "return_no", "reason");
        private final Seed.Table photos =
                seed.table("return_photos", "order_id", "line_no", "return_no", "photo_no", "file_name");
        private final Seed.Table agreements =
                seed.table("price_agreements", "customer_id", "supplier_id", "sku", "price");
        private final Seed.Table logins = seed.table("logins", "login", "customer_id", "secret");
        private final Seed.Table loginEvents = seed.table("login_events", "id", "login", "address");
        private final Seed.Table sessions = seed.table("sessions", "id", "user_id", "kind");
        private final Seed.Table invoices = seed.table(
                "invoices",
                "id",
                "customer_id",
                "customer_number",
                "billing_name",
                "billing_address",
                "total",
                "issued_on");
        private final Seed.Table invoiceLines = seed.table("invoice_lines", "invoice_id", "line_no", "wording");
        private final Seed.Table contacts = seed.table("crm.contacts", "id", "customer_id", "email", "Full Name");
        private final Seed.Table notes = seed.table("crm.contact_notes", "contact_id", "note_no", "note");
        private final Seed.Table campaigns = seed.table("crm.campaign_members", "campaign", "email");
        private final Seed.Table accesses = seed.table("access_log", "actor", "path", "at");

        private Rows(List<Person> people, Random random) {
            this.people = people;
            this.random = random;
        }

        private Seed seed() {
            catalogue();
            people.stream().filter(person -> random.nextInt(20) > 0).forEach(this::accounts);
            accounts.forEach(this::business);
            people.forEach(this::traces);
            nobody();
            return seed;
        }

        private void catalogue() {
            countries.nobodys("DE", "Germany");
            countries.nobodys("NL", "Netherlands");
            for (int supplier = 1; supplier <= SUPPLIERS; supplier++) {
                suppliers.nobodys(supplier, "Supplier " + supplier);
                for (int product = 1; product <= PRODUCTS; product++) {
                    products.nobodys(supplier, "S" + product, "Product " + product, product);
                }
            }
            for (int shipment = 1; shipment <= SHIPMENTS; shipment++) {
                shipments.nobodys(shipment, "2024-05-05");
            }
        }

        /** A person's account, with up to two branches, of which one may have another below it. */
        private void accounts(Person person) {
            account(person, person.customerNumber(), null, random.nextBoolean() ? "person" : "company");
            long parent = person.customerNumber();
            for (int branch = random.nextInt(3); branch > 0 && random.nextBoolean(); branch--) {
                account(person, ++id, parent, "branch");
                parent = random.nextBoolean() ? id : person.customerNumber();
            }
        }

        private void account(Person person, long number, Long parent, String kind) {
            customers.of(
                    person, number, kind, parent, person.name(), person.email(), random.nextBoolean() ? "DE" : "NL");
            accounts.add(new Account(number, person));
        }

        private void business(Account account) {
            if (random.nextInt(3) == 0) {
                contract(account);
            }
            for (int order = random.nextInt(3); order > 0; order--) {
                order(account);
            }
            int product = 1 + random.nextInt(PRODUCTS);
            for (int supplier = random.nextInt(3); supplier > 0; supplier--) {
                agreements.of(account.person(), account.number(), supplier, "S" + product, "9.99");
            }
            for (int invoice = random.nextInt(3); invoice > 0; invoice--) {
                invoice(account);
            }
            for (int contact = random.nextInt(2); contact > 0; contact--) {
                contact(account);
            }
        }

        private void contract(Account account) {
            long contract = ++id;
            int count = 1 + random.nextInt(3);
            contracts.of(account.person(), contract, account.number(), count);
            for (int version = 1; version <= count; version++) {
                versions.of(
                        account.person(), contract, version, account.person().name());
            }
        }

        private void order(Account account) {
            Person person = account.person();
            Account other = accounts.get(random.nextInt(accounts.size()));
            long order = ++id;
            orders.of(
                    person,
                    order,
                    account.number(),
                    random.nextInt(4) == 0 ? other.number() : null,
                    "2024-04-04",
                    person.username());
            for (int line = 1 + random.nextInt(3); line > 0; line--) {
                lines.of(
                        person,
                        order,
                        line,
                        1 + random.nextInt(SUPPLIERS),
                        "S" + (1 + random.nextInt(PRODUCTS)),
                        1 + random.nextInt(5),
                        "2.50");
                if (random.nextBoolean()) {
                    shipped.of(person, 1 + random.nextInt(SHIPMENTS), order, line);
                }
                for (int back = random.nextInt(2); back > 0; back--) {
                    returns.of(person, order, line, back, "broken, says " + person.name());
                    photos.of(person, order, line, back, 1, "1.png");
                    photos.of(person, order, line, back, 2, "2.png");
                }
            }
        }

        private void invoice(Account account) {
            long invoice = ++id;
            invoices.nobodys(
                    invoice,
                    account.number(),
                    account.person().customerNumber(),
                    account.person().name(),
                    "at " + account.person().name(),
                    random.nextInt(900),
                    random.nextInt(3) == 0 ? "2008-02-02" : "2022-02-02");
            invoiceLines.nobodys(invoice, 1, "goods");
        }

        /** Some are known by their address alone. */
        private void contact(Account account) {
            Person person = account.person();
            long contact = ++id;
            boolean loose = random.nextInt(4) == 0;
            contacts.of(
                    person,
                    contact,
                    loose ? null : account.number(),
                    loose || random.nextBoolean() ? person.emails().getLast() : null,
                    person.name());
            for (int note = random.nextInt(3); note > 0; note--) {
                notes.of(person, contact, note, "spoke to " + person.name());
            }
        }

        private void traces(Person person) {
            boolean customer = accounts.stream().anyMatch(account -> account.number() == person.customerNumber());
            if (random.nextInt(3) > 0) {
                login(person, person.username(), customer && random.nextBoolean() ? person.customerNumber() : null);
            }
            if (random.nextInt(3) > 0) {
                login(person, person.emails().getLast(), customer ? person.customerNumber() : null);
            }
            if (customer && random.nextInt(4) == 0) {
                login(person, "alias-" + ++id, person.customerNumber());
            }
            for (int session = random.nextInt(3); session > 0; session--) {
                sessions.of(person, Person.uuid(random), person.userId(), "web");
            }
            if (random.nextInt(9) == 0) {
                sessions.nobodys(Person.uuid(random), person.userId(), "service");
            }
            if (random.nextBoolean()) {
                int campaign = random.nextInt(5);
                campaigns.of(person, campaign, person.email());
                campaigns.of(person, campaign, person.email().toUpperCase(Locale.ROOT));
            }
            for (int access = random.nextInt(3); access > 0; access--) {
                accesses.of(person, person.username(), "/orders", (2020 + random.nextInt(4)) + "-01-01 10:00:00");
            }
        }

        private void login(Person person, String login, Long customer) {
            logins.of(person, login, customer, "secret");
            for (int event = random.nextInt(3); event > 0; event--) {
                loginEvents.of(person, ++id, login, "10.0.0." + random.nextInt(250));
            }
        }

        private void nobody() {
            invoices.nobodys(1, null, null, "over the counter", null, 5, "2008-01-01");
            accesses.nobodys("system", "/", "2021-01-01 10:00:00");
            campaigns.nobodys(1, "somebody@example.com");
        }
    }
}
