-- What erasing one person of the wholesaler means, step by step, in words of the database alone. The comment before a statement
-- says what its rows count as, an action and a target. "let" keeps a list of ids, as it is before anything is erased.

-- let accounts
WITH RECURSIVE account AS (
    SELECT id FROM customers WHERE id = :customerNumber
    UNION SELECT branch.id FROM customers branch JOIN account ON branch.parent_id = account.id
) SELECT id FROM account;
-- let orders
SELECT id FROM "order" WHERE customer_id IN {accounts};
-- let contracts
SELECT id FROM contracts WHERE customer_id IN {accounts};
-- let contacts
SELECT id FROM crm.contacts WHERE email = :email OR customer_id IN {accounts};

-- delete return_photos
DELETE FROM return_photos WHERE order_id IN {orders};
-- delete returns
DELETE FROM returns WHERE order_id IN {orders};
-- delete shipment_lines
DELETE FROM shipment_lines WHERE order_id IN {orders};
-- delete order_lines
DELETE FROM order_lines WHERE order_id IN {orders};
-- delete order
DELETE FROM "order" WHERE id IN {orders};
-- detach order
UPDATE "order" SET deliver_to = NULL WHERE deliver_to IN {accounts};
-- delete contract_versions
DELETE FROM contract_versions WHERE contract_id IN {contracts};
-- delete contracts
DELETE FROM contracts WHERE id IN {contracts};
-- delete price_agreements
DELETE FROM price_agreements WHERE customer_id IN {accounts};
-- delete login_events
DELETE FROM login_events WHERE login IN (
    SELECT login FROM logins WHERE login = :email OR login = :username OR customer_id IN {accounts});
-- delete logins
DELETE FROM logins WHERE login = :email OR login = :username OR customer_id IN {accounts};
-- delete sessions
DELETE FROM sessions WHERE user_id = :userId AND kind <> 'service';
-- retain invoices
SELECT count(*) FROM invoices WHERE customer_number = :customerNumber AND issued_on >= '2020-01-01';
-- anonymize invoices
UPDATE invoices SET customer_id = NULL, customer_number = NULL, billing_name = 'erased', billing_address = NULL
    WHERE customer_number = :customerNumber AND issued_on < '2020-01-01';
-- detach invoices
UPDATE invoices SET customer_id = NULL WHERE customer_id IN {accounts};
-- delete crm.contact_notes
DELETE FROM crm.contact_notes WHERE contact_id IN {contacts};
-- delete crm.contacts
DELETE FROM crm.contacts WHERE id IN {contacts};
-- delete crm.campaign_members
DELETE FROM crm.campaign_members WHERE lower(email) = lower(:email);
-- delete access
DELETE FROM access_log WHERE actor = :username;
-- delete customers
DELETE FROM customers WHERE id IN {accounts};
