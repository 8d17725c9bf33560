-- What erasing one person of the rental shop means, step by step, in words of the database alone. The comment before a statement
-- says what its rows count as, an action and a target. "let" keeps a list of ids, as it is before anything is erased.

-- let rented
SELECT id FROM rentals WHERE customer_id = :userId;

-- delete card_swipes
DELETE FROM card_swipes WHERE card_no IN (SELECT card_no FROM membership_cards WHERE customer_id = :userId);
-- delete membership_cards
DELETE FROM membership_cards WHERE customer_id = :userId;
-- delete memberships
DELETE FROM memberships WHERE customer_id = :userId;
-- delete reservations
DELETE FROM reservations WHERE customer_id = :userId;
-- delete payments
DELETE FROM payments WHERE customer_id = :userId OR rental_id IN {rented};
-- delete rental_events
DELETE FROM rental_events WHERE rental_id IN {rented};
-- delete rentals
DELETE FROM rentals WHERE customer_id = :userId;
-- detach rentals
UPDATE rentals SET employee_id = NULL WHERE employee_id = :userId;
-- delete review_votes
DELETE FROM review_votes WHERE voter_id = :userId;
-- anonymize reviews
UPDATE reviews
    SET customer_id = NULL, author_name = :pseudonym, author_email = NULL,
        ip = CASE WHEN ip IS NULL THEN NULL ELSE repeat('0', 64) END, token = concat('00000000-0000-4000-8000-', lpad(concat('', id), 12, '0'))
    WHERE customer_id = :userId OR author_email = :email;
-- detach gift_cards
UPDATE gift_cards SET buyer_id = NULL WHERE buyer_id = :userId;
-- detach gift_cards
UPDATE gift_cards SET recipient_id = NULL WHERE recipient_id = :userId;
-- delete Staff Notes
DELETE FROM "Staff Notes" WHERE "Customer" = :userId;
-- delete page_views
DELETE FROM page_views WHERE visitor = :userId;
-- delete newsletter_optins
DELETE FROM newsletter_optins WHERE lower(email) = lower(:email);
-- retain billing.invoices
SELECT count(*) FROM billing.invoices WHERE customer_ref = :userId AND issued_on >= '2020-01-01';
-- anonymize billing.invoices
UPDATE billing.invoices SET customer_ref = NULL, billing_name = 'erased', billing_email = NULL
    WHERE customer_ref = :userId AND issued_on < '2020-01-01';
-- step
UPDATE customers SET default_address_id = NULL WHERE id = :userId;
-- delete addresses
DELETE FROM addresses WHERE customer_id = :userId;
-- detach customers
UPDATE customers SET referred_by = NULL WHERE referred_by = :userId;
-- delete customers
DELETE FROM customers WHERE id = :userId;
-- detach stores
UPDATE stores SET manager_id = NULL WHERE manager_id = :userId;
-- detach employees
UPDATE employees SET manager_id = NULL WHERE manager_id = :userId;
-- delete employees
DELETE FROM employees WHERE id = :userId;
