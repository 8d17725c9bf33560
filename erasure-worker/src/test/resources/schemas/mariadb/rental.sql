-- A chain of shops that rents films: people are customers, some work there, everything hangs on a uuid.
CREATE TABLE stores (
    id         int PRIMARY KEY,
    city       varchar(100) NOT NULL,
    manager_id uuid
);

CREATE TABLE employees (
    id         uuid PRIMARY KEY,
    store_id   int NOT NULL,
    manager_id uuid,
    name       varchar(100) NOT NULL,
    work_email varchar(200) UNIQUE,
    FOREIGN KEY (store_id) REFERENCES stores (id),
    FOREIGN KEY (manager_id) REFERENCES employees (id)
);
ALTER TABLE stores ADD FOREIGN KEY (manager_id) REFERENCES employees (id) ON DELETE SET NULL;

CREATE TABLE customers (
    id                 uuid PRIMARY KEY,
    email              varchar(200) NOT NULL UNIQUE,
    full_name          varchar(100) NOT NULL,
    phone              varchar(30),
    default_address_id bigint,
    referred_by        uuid,
    updated_at         timestamp NOT NULL DEFAULT current_timestamp ON UPDATE current_timestamp,
    FOREIGN KEY (referred_by) REFERENCES customers (id) ON DELETE SET NULL
);

CREATE TABLE addresses (
    id          bigint PRIMARY KEY,
    customer_id uuid NOT NULL,
    street      varchar(100) NOT NULL,
    city        varchar(100) NOT NULL,
    one_line    varchar(202) GENERATED ALWAYS AS (concat(street, ', ', city)) STORED,
    FOREIGN KEY (customer_id) REFERENCES customers (id)
);
ALTER TABLE customers ADD FOREIGN KEY (default_address_id) REFERENCES addresses (id);

CREATE TABLE titles (
    id   int PRIMARY KEY,
    name varchar(100) NOT NULL
);

CREATE TABLE copies (
    title_id int,
    copy_no  int,
    store_id int NOT NULL,
    PRIMARY KEY (title_id, copy_no),
    FOREIGN KEY (title_id) REFERENCES titles (id),
    FOREIGN KEY (store_id) REFERENCES stores (id)
);

CREATE TABLE rentals (
    id          bigint NOT NULL,
    rented_on   date   NOT NULL,
    customer_id uuid   NOT NULL,
    title_id    int    NOT NULL,
    copy_no     int    NOT NULL,
    employee_id uuid,
    PRIMARY KEY (id, rented_on),
    FOREIGN KEY (customer_id) REFERENCES customers (id),
    FOREIGN KEY (title_id, copy_no) REFERENCES copies (title_id, copy_no),
    FOREIGN KEY (employee_id) REFERENCES employees (id) ON DELETE SET NULL
);

CREATE TABLE rental_events (
    rental_id bigint,
    rented_on date,
    seq       int,
    remark    text NOT NULL,
    PRIMARY KEY (rental_id, rented_on, seq),
    FOREIGN KEY (rental_id, rented_on) REFERENCES rentals (id, rented_on)
);

-- Whoever pays need not be the one who rents.
CREATE TABLE payments (
    customer_id uuid    NOT NULL,
    id          bigint  NOT NULL,
    rental_id   bigint,
    rented_on   date,
    amount      decimal(8, 2) NOT NULL,
    card_holder varchar(100),
    PRIMARY KEY (customer_id, id),
    FOREIGN KEY (customer_id) REFERENCES customers (id),
    FOREIGN KEY (rental_id, rented_on) REFERENCES rentals (id, rented_on)
);

CREATE TABLE reservations (
    customer_id uuid,
    title_id    int,
    status      enum ('waiting', 'ready', 'collected') NOT NULL,
    PRIMARY KEY (customer_id, title_id),
    FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE CASCADE,
    FOREIGN KEY (title_id) REFERENCES titles (id)
);

CREATE TABLE memberships (
    customer_id uuid PRIMARY KEY,
    level       varchar(10) NOT NULL CHECK (level IN ('basic', 'gold')),
    FOREIGN KEY (customer_id) REFERENCES customers (id)
);

CREATE TABLE membership_cards (
    card_no     varchar(20) PRIMARY KEY CHECK (card_no RLIKE '^C[0-9-]+$'),
    customer_id uuid NOT NULL,
    FOREIGN KEY (customer_id) REFERENCES memberships (customer_id)
);

-- Without a key of its own.
CREATE TABLE card_swipes (
    card_no   varchar(20) NOT NULL,
    store_id  int         NOT NULL,
    swiped_at datetime    NOT NULL,
    FOREIGN KEY (card_no) REFERENCES membership_cards (card_no) ON DELETE CASCADE,
    FOREIGN KEY (store_id) REFERENCES stores (id)
);

CREATE TABLE reviews (
    id           bigint PRIMARY KEY,
    title_id     int NOT NULL,
    customer_id  uuid,
    author_name  varchar(100) NOT NULL,
    author_email varchar(200),
    ip           varchar(64),
    token        varchar(40) NOT NULL UNIQUE,
    body         text NOT NULL,
    updated_at   timestamp NOT NULL DEFAULT current_timestamp,
    FOREIGN KEY (title_id) REFERENCES titles (id),
    FOREIGN KEY (customer_id) REFERENCES customers (id),
    KEY (author_email)
);

CREATE TABLE review_votes (
    review_id bigint,
    voter_id  uuid,
    helpful   boolean NOT NULL,
    PRIMARY KEY (review_id, voter_id),
    FOREIGN KEY (review_id) REFERENCES reviews (id),
    FOREIGN KEY (voter_id) REFERENCES customers (id)
);

CREATE TABLE gift_cards (
    code         varchar(20) PRIMARY KEY,
    balance      decimal(8, 2) NOT NULL,
    buyer_id     uuid,
    recipient_id uuid,
    FOREIGN KEY (buyer_id) REFERENCES customers (id) ON DELETE SET NULL,
    FOREIGN KEY (recipient_id) REFERENCES customers (id) ON DELETE SET NULL
);

CREATE TABLE newsletter_optins (
    email    varchar(200) COLLATE utf8mb4_bin PRIMARY KEY,
    opted_in date NOT NULL
);

CREATE TABLE `Staff Notes` (
    `Id`       int PRIMARY KEY,
    `Customer` uuid NOT NULL,
    `order`    int  NOT NULL,
    `Text`     text NOT NULL,
    FOREIGN KEY (`Customer`) REFERENCES customers (id)
);

CREATE TABLE page_views (
    visitor   uuid NOT NULL,
    viewed_on date NOT NULL,
    path      varchar(200) NOT NULL,
    KEY (visitor)
) PARTITION BY RANGE (year(viewed_on)) (
    PARTITION before_2024 VALUES LESS THAN (2024),
    PARTITION in_2024 VALUES LESS THAN (2025),
    PARTITION later VALUES LESS THAN MAXVALUE
);

-- Bookkeeping: by law, and so without keys into the shop.
CREATE TABLE billing.invoices (
    number        varchar(20) PRIMARY KEY,
    customer_ref  varchar(40),
    billing_name  varchar(100) NOT NULL,
    billing_email varchar(200),
    total         decimal(10, 2) NOT NULL,
    issued_on     date NOT NULL,
    KEY (customer_ref)
);

CREATE TABLE billing.invoice_lines (
    number  varchar(20),
    line_no int,
    wording text NOT NULL,
    PRIMARY KEY (number, line_no),
    FOREIGN KEY (number) REFERENCES billing.invoices (number)
);

CREATE TABLE audit_log (
    at        timestamp NOT NULL DEFAULT current_timestamp,
    operation varchar(10) NOT NULL,
    relation  varchar(100) NOT NULL
);

CREATE TRIGGER customers_audit AFTER DELETE ON customers FOR EACH ROW
    INSERT INTO audit_log (operation, relation) VALUES ('DELETE', 'customers');

CREATE TRIGGER reviews_touch BEFORE UPDATE ON reviews FOR EACH ROW SET NEW.updated_at = current_timestamp;

CREATE VIEW customer_overview AS
SELECT c.id, c.email, count(r.id) AS rentals
FROM customers c LEFT JOIN rentals r ON r.customer_id = c.id
GROUP BY c.id, c.email;
