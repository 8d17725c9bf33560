-- A chain of shops that rents films: people are customers, some work there, everything hangs on a uuid.
CREATE EXTENSION IF NOT EXISTS citext SCHEMA public;
CREATE TYPE reservation_status AS ENUM ('waiting', 'ready', 'collected');
CREATE DOMAIN card_number AS varchar(20) CHECK (VALUE ~ '^C[0-9-]+$');

CREATE TABLE stores (
    id         int PRIMARY KEY,
    city       text NOT NULL,
    manager_id uuid
);

CREATE TABLE employees (
    id         uuid PRIMARY KEY,
    store_id   int NOT NULL REFERENCES stores,
    manager_id uuid REFERENCES employees,
    name       text NOT NULL,
    work_email citext UNIQUE
);
CREATE INDEX ON employees (manager_id);
ALTER TABLE stores ADD FOREIGN KEY (manager_id) REFERENCES employees ON DELETE SET NULL;
CREATE INDEX ON stores (manager_id);

CREATE TABLE customers (
    id                 uuid PRIMARY KEY,
    email              citext NOT NULL UNIQUE,
    full_name          text NOT NULL,
    phone              varchar(30),
    default_address_id bigint,
    referred_by        uuid REFERENCES customers ON DELETE SET NULL,
    updated_at         timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON customers (referred_by);

CREATE TABLE addresses (
    id          bigint PRIMARY KEY,
    customer_id uuid NOT NULL REFERENCES customers,
    street      text NOT NULL,
    city        text NOT NULL,
    one_line    text GENERATED ALWAYS AS (street || ', ' || city) STORED
);
CREATE INDEX ON addresses (customer_id);
ALTER TABLE customers ADD FOREIGN KEY (default_address_id) REFERENCES addresses;
CREATE INDEX ON customers (default_address_id);

CREATE TABLE titles (
    id   int PRIMARY KEY,
    name text NOT NULL
);

CREATE TABLE copies (
    title_id int REFERENCES titles,
    copy_no  int,
    store_id int NOT NULL REFERENCES stores,
    PRIMARY KEY (title_id, copy_no)
);

CREATE TABLE rentals (
    id          bigint NOT NULL,
    rented_on   date   NOT NULL,
    customer_id uuid   NOT NULL REFERENCES customers,
    title_id    int    NOT NULL,
    copy_no     int    NOT NULL,
    employee_id uuid REFERENCES employees ON DELETE SET NULL,
    PRIMARY KEY (id, rented_on),
    FOREIGN KEY (title_id, copy_no) REFERENCES copies
) PARTITION BY RANGE (rented_on);
CREATE TABLE rentals_2024 PARTITION OF rentals FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE rentals_2025 PARTITION OF rentals FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE rentals_older PARTITION OF rentals DEFAULT;
CREATE INDEX ON rentals (customer_id);
CREATE INDEX ON rentals (employee_id);

CREATE TABLE rental_events (
    rental_id bigint,
    rented_on date,
    seq       int,
    remark    text NOT NULL,
    PRIMARY KEY (rental_id, rented_on, seq),
    FOREIGN KEY (rental_id, rented_on) REFERENCES rentals
);

-- Whoever pays need not be the one who rents.
CREATE TABLE payments (
    customer_id uuid    NOT NULL REFERENCES customers,
    id          bigint  NOT NULL,
    rental_id   bigint,
    rented_on   date,
    amount      numeric(8, 2) NOT NULL,
    card_holder text,
    PRIMARY KEY (customer_id, id),
    FOREIGN KEY (rental_id, rented_on) REFERENCES rentals (id, rented_on)
) PARTITION BY HASH (customer_id);
CREATE TABLE payments_0 PARTITION OF payments FOR VALUES WITH (MODULUS 3, REMAINDER 0);
CREATE TABLE payments_1 PARTITION OF payments FOR VALUES WITH (MODULUS 3, REMAINDER 1);
CREATE TABLE payments_2 PARTITION OF payments FOR VALUES WITH (MODULUS 3, REMAINDER 2);
CREATE INDEX ON payments (rental_id, rented_on);

CREATE TABLE reservations (
    customer_id uuid REFERENCES customers ON DELETE CASCADE,
    title_id    int REFERENCES titles,
    status      reservation_status NOT NULL,
    PRIMARY KEY (customer_id, title_id)
);

CREATE TABLE memberships (
    customer_id uuid PRIMARY KEY REFERENCES customers,
    level       text NOT NULL CHECK (level IN ('basic', 'gold'))
);

CREATE TABLE membership_cards (
    card_no     card_number PRIMARY KEY,
    customer_id uuid NOT NULL REFERENCES memberships
);
CREATE INDEX ON membership_cards (customer_id);

-- Without a key of its own.
CREATE TABLE card_swipes (
    card_no   card_number NOT NULL REFERENCES membership_cards ON DELETE CASCADE,
    store_id  int         NOT NULL REFERENCES stores,
    swiped_at timestamp   NOT NULL
);
CREATE INDEX ON card_swipes (card_no);

CREATE TABLE reviews (
    id           bigint PRIMARY KEY,
    title_id     int NOT NULL REFERENCES titles,
    customer_id  uuid REFERENCES customers,
    author_name  text NOT NULL,
    author_email citext,
    ip           varchar(64),
    token        varchar(40) NOT NULL UNIQUE,
    body         text NOT NULL,
    updated_at   timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON reviews (customer_id);
CREATE INDEX ON reviews (author_email);

CREATE TABLE review_votes (
    review_id bigint REFERENCES reviews,
    voter_id  uuid REFERENCES customers,
    helpful   boolean NOT NULL,
    PRIMARY KEY (review_id, voter_id)
);
CREATE INDEX ON review_votes (voter_id);

CREATE TABLE gift_cards (
    code         varchar(20) PRIMARY KEY,
    balance      numeric(8, 2) NOT NULL,
    buyer_id     uuid REFERENCES customers ON DELETE SET NULL,
    recipient_id uuid REFERENCES customers ON DELETE SET NULL
);
CREATE INDEX ON gift_cards (buyer_id);
CREATE INDEX ON gift_cards (recipient_id);

CREATE TABLE newsletter_optins (
    email    text PRIMARY KEY,
    opted_in date NOT NULL
);
CREATE INDEX ON newsletter_optins (lower(email));

CREATE TABLE "Staff Notes" (
    "Id"       int PRIMARY KEY,
    "Customer" uuid NOT NULL REFERENCES customers,
    "order"    int  NOT NULL,
    "Text"     text NOT NULL
);
CREATE INDEX ON "Staff Notes" ("Customer");

CREATE TABLE page_views (
    visitor   uuid NOT NULL,
    viewed_on date NOT NULL,
    path      text NOT NULL
) PARTITION BY RANGE (viewed_on);
CREATE TABLE page_views_2024 PARTITION OF page_views FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE page_views_rest PARTITION OF page_views DEFAULT;
CREATE INDEX ON page_views (visitor);

-- Bookkeeping: by law, and so without keys into the shop.
CREATE TABLE billing.invoices (
    number        varchar(20) PRIMARY KEY,
    customer_ref  text,
    billing_name  text NOT NULL,
    billing_email text,
    total         numeric(10, 2) NOT NULL,
    issued_on     date NOT NULL
);
CREATE INDEX ON billing.invoices (customer_ref);

CREATE TABLE billing.invoice_lines (
    number  varchar(20) REFERENCES billing.invoices,
    line_no int,
    wording text NOT NULL,
    PRIMARY KEY (number, line_no)
);

CREATE TABLE audit_log (
    at        timestamptz NOT NULL DEFAULT now(),
    operation text NOT NULL,
    relation  text NOT NULL
);

CREATE FUNCTION note_deletion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit_log (operation, relation) VALUES (TG_OP, TG_TABLE_NAME);
    RETURN NULL;
END $$;
CREATE TRIGGER customers_audit AFTER DELETE ON customers FOR EACH ROW EXECUTE FUNCTION note_deletion();

CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END $$;
CREATE TRIGGER customers_touch BEFORE UPDATE ON customers FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TRIGGER reviews_touch BEFORE UPDATE ON reviews FOR EACH ROW EXECUTE FUNCTION touch();

CREATE VIEW customer_overview AS
SELECT c.id, c.email, count(r.id) AS rentals
FROM customers c LEFT JOIN rentals r ON r.customer_id = c.id
GROUP BY c.id, c.email;
