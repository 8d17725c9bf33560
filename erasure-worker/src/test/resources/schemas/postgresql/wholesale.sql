-- A wholesaler: accounts with branches, numbered by a bigint; contracts in versions; everything composite.
CREATE TYPE account_kind AS ENUM ('person', 'company', 'branch');
CREATE DOMAIN money_amount AS numeric(12, 2) CHECK (VALUE >= 0);

CREATE TABLE countries (
    code char(2) PRIMARY KEY,
    name text NOT NULL
);

CREATE TABLE suppliers (
    id   int PRIMARY KEY,
    name text NOT NULL
);

CREATE TABLE products (
    supplier_id int REFERENCES suppliers,
    sku         varchar(20),
    name        text NOT NULL,
    price       money_amount NOT NULL,
    PRIMARY KEY (supplier_id, sku)
);

-- A branch has no life without its head account.
CREATE TABLE customers (
    id        bigint PRIMARY KEY,
    kind      account_kind NOT NULL,
    parent_id bigint REFERENCES customers ON DELETE CASCADE,
    name      varchar(100) NOT NULL,
    email     varchar(200),
    country   char(2) NOT NULL REFERENCES countries,
    label     text GENERATED ALWAYS AS (name || ' (' || country::text || ')') STORED
);
CREATE INDEX ON customers (parent_id);

-- A contract and its current version need each other: one is checked at commit.
CREATE TABLE contracts (
    id              bigint PRIMARY KEY,
    customer_id     bigint NOT NULL REFERENCES customers,
    current_version int NOT NULL
);
CREATE INDEX ON contracts (customer_id);

CREATE TABLE contract_versions (
    contract_id bigint REFERENCES contracts,
    version     int,
    signed_by   text NOT NULL,
    PRIMARY KEY (contract_id, version)
);
ALTER TABLE contracts ADD FOREIGN KEY (id, current_version) REFERENCES contract_versions (contract_id, version)
    DEFERRABLE INITIALLY DEFERRED;

CREATE TABLE "order" (
    id          bigint PRIMARY KEY,
    customer_id bigint NOT NULL REFERENCES customers,
    deliver_to  bigint REFERENCES customers,
    ordered_on  date NOT NULL,
    "user"      text
);
CREATE INDEX ON "order" (customer_id);
CREATE INDEX ON "order" (deliver_to);

CREATE TABLE order_lines (
    order_id    bigint REFERENCES "order",
    line_no     int,
    supplier_id int NOT NULL,
    sku         varchar(20) NOT NULL,
    quantity    int NOT NULL CHECK (quantity > 0),
    price       money_amount NOT NULL,
    net         numeric(14, 2) GENERATED ALWAYS AS (quantity * price) STORED,
    PRIMARY KEY (order_id, line_no),
    FOREIGN KEY (supplier_id, sku) REFERENCES products
);

-- One shipment goes to several customers on one tour.
CREATE TABLE shipments (
    id         bigint PRIMARY KEY,
    shipped_on date NOT NULL,
    line_count int NOT NULL DEFAULT 0
);

CREATE TABLE shipment_lines (
    shipment_id bigint REFERENCES shipments,
    order_id    bigint,
    line_no     int,
    PRIMARY KEY (shipment_id, order_id, line_no),
    FOREIGN KEY (order_id, line_no) REFERENCES order_lines ON DELETE RESTRICT
);
CREATE INDEX ON shipment_lines (order_id, line_no);

CREATE TABLE returns (
    order_id  bigint,
    line_no   int,
    return_no int,
    reason    text NOT NULL,
    PRIMARY KEY (order_id, line_no, return_no),
    FOREIGN KEY (order_id, line_no) REFERENCES order_lines ON DELETE CASCADE
);

CREATE TABLE return_photos (
    order_id  bigint,
    line_no   int,
    return_no int,
    photo_no  int,
    file_name text NOT NULL,
    PRIMARY KEY (order_id, line_no, return_no, photo_no),
    FOREIGN KEY (order_id, line_no, return_no) REFERENCES returns
);

CREATE TABLE price_agreements (
    customer_id bigint REFERENCES customers,
    supplier_id int,
    sku         varchar(20),
    price       money_amount NOT NULL,
    PRIMARY KEY (customer_id, supplier_id, sku),
    FOREIGN KEY (supplier_id, sku) REFERENCES products
);

-- People log in with whatever they remember.
CREATE TABLE logins (
    login       varchar(200) PRIMARY KEY,
    customer_id bigint REFERENCES customers ON DELETE CASCADE,
    secret      text NOT NULL
);
CREATE INDEX ON logins (customer_id);

CREATE TABLE login_events (
    id      bigint PRIMARY KEY,
    login   varchar(200) NOT NULL REFERENCES logins ON UPDATE CASCADE,
    address inet NOT NULL
);
CREATE INDEX ON login_events (login);

CREATE TABLE sessions (
    id      uuid PRIMARY KEY,
    user_id text NOT NULL,
    kind    text NOT NULL
);
CREATE INDEX ON sessions (user_id);

CREATE TABLE invoices (
    id              bigint PRIMARY KEY,
    customer_id     bigint REFERENCES customers ON DELETE SET NULL,
    customer_number bigint,
    billing_name    varchar(100) NOT NULL,
    billing_address text,
    total           money_amount NOT NULL,
    issued_on       date NOT NULL
);
CREATE INDEX ON invoices (customer_id);
CREATE INDEX ON invoices (customer_number);

CREATE TABLE invoice_lines (
    invoice_id bigint REFERENCES invoices,
    line_no    int,
    wording    text NOT NULL,
    PRIMARY KEY (invoice_id, line_no)
);

CREATE TABLE crm.contacts (
    id          bigint PRIMARY KEY,
    customer_id bigint REFERENCES customers,
    email       varchar(200),
    "Full Name" text NOT NULL
);
CREATE INDEX ON crm.contacts (customer_id);
CREATE INDEX ON crm.contacts (email);

CREATE TABLE crm.contact_notes (
    contact_id bigint REFERENCES crm.contacts,
    note_no    int,
    note       text NOT NULL,
    PRIMARY KEY (contact_id, note_no)
);

CREATE TABLE crm.campaign_members (
    campaign int,
    email    varchar(200),
    PRIMARY KEY (campaign, email)
);
CREATE INDEX ON crm.campaign_members (lower(email));

CREATE TABLE access_log (
    actor text NOT NULL,
    path  text NOT NULL,
    at    timestamp NOT NULL
);
CREATE INDEX ON access_log (actor);

CREATE FUNCTION count_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        UPDATE shipments SET line_count = line_count + 1 WHERE id = NEW.shipment_id;
    ELSE
        UPDATE shipments SET line_count = line_count - 1 WHERE id = OLD.shipment_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER shipment_lines_count AFTER INSERT OR DELETE ON shipment_lines
    FOR EACH ROW EXECUTE FUNCTION count_lines();

CREATE VIEW turnover AS
SELECT o.customer_id, sum(l.net) AS net FROM "order" o JOIN order_lines l ON l.order_id = o.id GROUP BY o.customer_id;
