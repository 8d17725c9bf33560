-- A wholesaler: accounts with branches, numbered by a bigint; contracts in versions; everything composite.
CREATE TABLE countries (
    code char(2) PRIMARY KEY,
    name varchar(100) NOT NULL
);

CREATE TABLE suppliers (
    id   int PRIMARY KEY,
    name varchar(100) NOT NULL
);

CREATE TABLE products (
    supplier_id int,
    sku         varchar(20),
    name        varchar(100) NOT NULL,
    price       decimal(12, 2) NOT NULL CHECK (price >= 0),
    PRIMARY KEY (supplier_id, sku),
    FOREIGN KEY (supplier_id) REFERENCES suppliers (id)
);

-- A branch has no life without its head account.
CREATE TABLE customers (
    id        bigint PRIMARY KEY,
    kind      enum ('person', 'company', 'branch') NOT NULL,
    parent_id bigint,
    name      varchar(100) NOT NULL,
    email     varchar(200),
    country   char(2) NOT NULL,
    label     varchar(110) GENERATED ALWAYS AS (concat(name, ' (', country, ')')) VIRTUAL,
    FOREIGN KEY (parent_id) REFERENCES customers (id) ON DELETE CASCADE,
    FOREIGN KEY (country) REFERENCES countries (code)
);

-- A contract and its current version need each other.
CREATE TABLE contracts (
    id              bigint PRIMARY KEY,
    customer_id     bigint NOT NULL,
    current_version int,
    FOREIGN KEY (customer_id) REFERENCES customers (id)
);

CREATE TABLE contract_versions (
    contract_id bigint,
    version     int,
    signed_by   varchar(100) NOT NULL,
    PRIMARY KEY (contract_id, version),
    FOREIGN KEY (contract_id) REFERENCES contracts (id)
);
ALTER TABLE contracts ADD FOREIGN KEY (id, current_version) REFERENCES contract_versions (contract_id, version);

CREATE TABLE `order` (
    id          bigint PRIMARY KEY,
    customer_id bigint NOT NULL,
    deliver_to  bigint,
    ordered_on  date NOT NULL,
    `user`      varchar(200),
    FOREIGN KEY (customer_id) REFERENCES customers (id),
    FOREIGN KEY (deliver_to) REFERENCES customers (id)
);

CREATE TABLE order_lines (
    order_id    bigint,
    line_no     int,
    supplier_id int NOT NULL,
    sku         varchar(20) NOT NULL,
    quantity    int NOT NULL CHECK (quantity > 0),
    price       decimal(12, 2) NOT NULL CHECK (price >= 0),
    net         decimal(14, 2) GENERATED ALWAYS AS (quantity * price) STORED,
    PRIMARY KEY (order_id, line_no),
    FOREIGN KEY (order_id) REFERENCES `order` (id),
    FOREIGN KEY (supplier_id, sku) REFERENCES products (supplier_id, sku)
);

-- One shipment goes to several customers on one tour.
CREATE TABLE shipments (
    id         bigint PRIMARY KEY,
    shipped_on date NOT NULL,
    line_count int NOT NULL DEFAULT 0
);

CREATE TABLE shipment_lines (
    shipment_id bigint,
    order_id    bigint,
    line_no     int,
    PRIMARY KEY (shipment_id, order_id, line_no),
    FOREIGN KEY (shipment_id) REFERENCES shipments (id),
    FOREIGN KEY (order_id, line_no) REFERENCES order_lines (order_id, line_no) ON DELETE RESTRICT
);

CREATE TABLE returns (
    order_id  bigint,
    line_no   int,
    return_no int,
    reason    varchar(200) NOT NULL,
    PRIMARY KEY (order_id, line_no, return_no),
    FOREIGN KEY (order_id, line_no) REFERENCES order_lines (order_id, line_no) ON DELETE CASCADE
);

CREATE TABLE return_photos (
    order_id  bigint,
    line_no   int,
    return_no int,
    photo_no  int,
    file_name varchar(100) NOT NULL,
    PRIMARY KEY (order_id, line_no, return_no, photo_no),
    FOREIGN KEY (order_id, line_no, return_no) REFERENCES returns (order_id, line_no, return_no)
);

CREATE TABLE price_agreements (
    customer_id bigint,
    supplier_id int,
    sku         varchar(20),
    price       decimal(12, 2) NOT NULL CHECK (price >= 0),
    PRIMARY KEY (customer_id, supplier_id, sku),
    FOREIGN KEY (customer_id) REFERENCES customers (id),
    FOREIGN KEY (supplier_id, sku) REFERENCES products (supplier_id, sku)
);

-- People log in with whatever they remember.
CREATE TABLE logins (
    login       varchar(200) PRIMARY KEY,
    customer_id bigint,
    secret      varchar(100) NOT NULL,
    FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE CASCADE
);

CREATE TABLE login_events (
    id      bigint PRIMARY KEY,
    login   varchar(200) NOT NULL,
    address inet4 NOT NULL,
    FOREIGN KEY (login) REFERENCES logins (login) ON UPDATE CASCADE
);

CREATE TABLE sessions (
    id      uuid PRIMARY KEY,
    user_id varchar(40) NOT NULL,
    kind    varchar(10) NOT NULL,
    KEY (user_id)
);

CREATE TABLE invoices (
    id              bigint PRIMARY KEY,
    customer_id     bigint,
    customer_number bigint,
    billing_name    varchar(100) NOT NULL,
    billing_address varchar(200),
    total           decimal(12, 2) NOT NULL,
    issued_on       date NOT NULL,
    FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE SET NULL,
    KEY (customer_number)
);

CREATE TABLE invoice_lines (
    invoice_id bigint,
    line_no    int,
    wording    varchar(200) NOT NULL,
    PRIMARY KEY (invoice_id, line_no),
    FOREIGN KEY (invoice_id) REFERENCES invoices (id)
);

CREATE TABLE crm.contacts (
    id          bigint PRIMARY KEY,
    customer_id bigint,
    email       varchar(200),
    `Full Name` varchar(100) NOT NULL,
    FOREIGN KEY (customer_id) REFERENCES sales.customers (id),
    KEY (email)
);

CREATE TABLE crm.contact_notes (
    contact_id bigint,
    note_no    int,
    note       text NOT NULL,
    PRIMARY KEY (contact_id, note_no),
    FOREIGN KEY (contact_id) REFERENCES crm.contacts (id)
);

CREATE TABLE crm.campaign_members (
    campaign int,
    email    varchar(200) COLLATE utf8mb4_bin,
    PRIMARY KEY (campaign, email),
    KEY (email)
);

CREATE TABLE access_log (
    actor varchar(200) NOT NULL,
    path  varchar(200) NOT NULL,
    at    datetime NOT NULL,
    KEY (actor)
) PARTITION BY RANGE COLUMNS (at) (
    PARTITION before_2022 VALUES LESS THAN ('2022-01-01'),
    PARTITION later VALUES LESS THAN (MAXVALUE)
);

CREATE TRIGGER shipment_lines_more AFTER INSERT ON shipment_lines FOR EACH ROW
    UPDATE shipments SET line_count = line_count + 1 WHERE id = NEW.shipment_id;
CREATE TRIGGER shipment_lines_less AFTER DELETE ON shipment_lines FOR EACH ROW
    UPDATE shipments SET line_count = line_count - 1 WHERE id = OLD.shipment_id;

CREATE VIEW turnover AS
SELECT o.customer_id, sum(l.net) AS net FROM `order` o JOIN order_lines l ON l.order_id = o.id GROUP BY o.customer_id;
