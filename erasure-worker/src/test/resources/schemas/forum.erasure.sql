-- What erasing one person of the forum means, step by step, in words of the database alone. The comment before a statement
-- says what its rows count as, an action and a target. "let" keeps a list of ids, as it is before anything is erased.

-- let members
SELECT id FROM members WHERE username = :username OR email = :email;
-- let messages
WITH RECURSIVE gone AS (
    SELECT id FROM messages WHERE sender_id IN {members} OR recipient_id IN {members}
    UNION SELECT answer.id FROM messages answer JOIN gone ON answer.answers = gone.id
) SELECT id FROM gone;
-- let reports
WITH RECURSIVE gone AS (
    SELECT id FROM reports WHERE reporter_id IN {members}
    UNION SELECT repeated.id FROM reports repeated JOIN gone ON repeated.duplicate_of = gone.id
) SELECT id FROM gone;
-- let attachments
SELECT id FROM attachments WHERE uploader_id IN {members};

-- delete message_receipts
DELETE FROM message_receipts WHERE message_id IN {messages};
-- delete messages
DELETE FROM messages WHERE id IN {messages};
-- delete reports
DELETE FROM reports WHERE id IN {reports};
-- delete profiles
DELETE FROM profiles WHERE member_id IN {members};
-- delete reactions
DELETE FROM reactions WHERE member_id IN {members};
-- delete follows
DELETE FROM follows WHERE follower IN {members} OR followed IN {members};
-- delete poll_votes
DELETE FROM poll_votes WHERE member_id IN {members};
-- delete member_badges
DELETE FROM member_badges WHERE member_id IN {members};
-- delete sessions
DELETE FROM sessions WHERE member_id IN {members};
-- delete Api-Tokens
DELETE FROM "Api-Tokens" WHERE "Owner" IN {members};
-- detach post_edits
UPDATE post_edits SET editor_id = NULL WHERE editor_id IN {members};
-- detach boards
UPDATE boards SET moderator_id = NULL WHERE moderator_id IN {members};
-- anonymize threads
UPDATE threads SET author_id = NULL, author_name = :pseudonym WHERE author_name = :username;
-- anonymize posts
UPDATE posts
    SET author_id = NULL, author_name = :pseudonym, ip = CASE WHEN ip IS NULL THEN NULL ELSE repeat('0', 64) END
    WHERE author_name = :username;
-- delete digest_subscriptions
DELETE FROM digest_subscriptions WHERE lower(email) = lower(:email);
-- delete moderation
DELETE FROM moderation_log WHERE moderator = :username;
-- step
UPDATE members SET avatar_id = NULL WHERE id IN {members};
-- detach members
UPDATE members SET avatar_id = NULL WHERE avatar_id IN {attachments};
-- delete attachments
DELETE FROM attachments WHERE id IN {attachments};
-- detach members
UPDATE members SET invited_by = NULL WHERE invited_by IN {members};
-- delete members
DELETE FROM members WHERE id IN {members};
