-- A forum: people have names; what they wrote stays readable, what they are goes.
CREATE EXTENSION IF NOT EXISTS citext SCHEMA public;
CREATE TYPE reaction_kind AS ENUM ('like', 'thanks', 'laugh');
CREATE DOMAIN slug AS text CHECK (VALUE ~ '^[a-z0-9-]+$');

CREATE TABLE members (
    id         bigint PRIMARY KEY,
    username   citext NOT NULL UNIQUE,
    email      citext NOT NULL,
    avatar_id  bigint,
    invited_by bigint REFERENCES members ON DELETE SET NULL,
    joined_on  date NOT NULL
);
CREATE INDEX ON members (invited_by);

CREATE TABLE profiles (
    member_id bigint PRIMARY KEY REFERENCES members ON DELETE CASCADE,
    bio       text,
    birthday  date
);

CREATE TABLE boards (
    id           int PRIMARY KEY,
    parent_id    int REFERENCES boards ON DELETE CASCADE,
    slug         slug NOT NULL UNIQUE,
    moderator_id bigint REFERENCES members ON DELETE SET NULL
);
CREATE INDEX ON boards (moderator_id);

CREATE TABLE threads (
    id           bigint PRIMARY KEY,
    board_id     int NOT NULL REFERENCES boards,
    author_id    bigint REFERENCES members,
    author_name  citext NOT NULL,
    title        text NOT NULL,
    last_post_id bigint
);
CREATE INDEX ON threads (author_id);
CREATE INDEX ON threads (author_name);

CREATE TABLE posts (
    id             bigint PRIMARY KEY,
    thread_id      bigint NOT NULL REFERENCES threads,
    reply_to       bigint REFERENCES posts ON DELETE SET NULL,
    author_id      bigint REFERENCES members,
    author_name    citext NOT NULL,
    ip             text,
    body           text NOT NULL,
    words          tsvector GENERATED ALWAYS AS (to_tsvector('simple', body)) STORED,
    reaction_count int NOT NULL DEFAULT 0
);
CREATE INDEX ON posts (thread_id);
CREATE INDEX ON posts (author_id);
CREATE INDEX ON posts (author_name);
ALTER TABLE threads ADD FOREIGN KEY (last_post_id) REFERENCES posts ON DELETE SET NULL;

CREATE TABLE post_edits (
    post_id   bigint REFERENCES posts ON DELETE CASCADE,
    seq       int,
    editor_id bigint REFERENCES members ON DELETE SET NULL,
    old_body  text NOT NULL,
    PRIMARY KEY (post_id, seq)
);
CREATE INDEX ON post_edits (editor_id);

CREATE TABLE reactions (
    post_id   bigint REFERENCES posts,
    member_id bigint REFERENCES members ON DELETE CASCADE,
    kind      reaction_kind NOT NULL,
    PRIMARY KEY (post_id, member_id)
);
CREATE INDEX ON reactions (member_id);

CREATE TABLE attachments (
    id          bigint PRIMARY KEY,
    uploader_id bigint NOT NULL REFERENCES members,
    post_id     bigint REFERENCES posts ON DELETE SET NULL,
    file_name   text NOT NULL
);
CREATE INDEX ON attachments (uploader_id);
ALTER TABLE members ADD FOREIGN KEY (avatar_id) REFERENCES attachments;
CREATE INDEX ON members (avatar_id);

-- A message belongs to both who share it.
CREATE TABLE messages (
    id           bigint PRIMARY KEY,
    sender_id    bigint NOT NULL REFERENCES members,
    recipient_id bigint NOT NULL REFERENCES members,
    answers      bigint REFERENCES messages ON DELETE CASCADE,
    body         text NOT NULL
);
CREATE INDEX ON messages (sender_id);
CREATE INDEX ON messages (recipient_id);
CREATE INDEX ON messages (answers);

CREATE TABLE message_receipts (
    message_id bigint PRIMARY KEY REFERENCES messages,
    read_at    timestamp NOT NULL
);

CREATE TABLE follows (
    follower bigint REFERENCES members,
    followed bigint REFERENCES members,
    PRIMARY KEY (follower, followed)
);
CREATE INDEX ON follows (followed);

CREATE TABLE polls (
    id        int PRIMARY KEY,
    thread_id bigint NOT NULL REFERENCES threads,
    question  text NOT NULL
);

CREATE TABLE poll_options (
    poll_id   int REFERENCES polls,
    option_no int,
    wording   text NOT NULL,
    PRIMARY KEY (poll_id, option_no)
);

CREATE TABLE poll_votes (
    poll_id   int,
    member_id bigint REFERENCES members,
    option_no int NOT NULL,
    PRIMARY KEY (poll_id, member_id),
    FOREIGN KEY (poll_id, option_no) REFERENCES poll_options
);
CREATE INDEX ON poll_votes (member_id);

CREATE TABLE member_badges (
    member_id bigint REFERENCES members ON DELETE CASCADE,
    badge     text,
    PRIMARY KEY (member_id, badge)
);

-- A report that repeats another one goes with it.
CREATE TABLE reports (
    id           bigint PRIMARY KEY,
    reporter_id  bigint NOT NULL REFERENCES members,
    post_id      bigint NOT NULL REFERENCES posts,
    duplicate_of bigint REFERENCES reports ON DELETE CASCADE,
    reason       text NOT NULL
);
CREATE INDEX ON reports (reporter_id);
CREATE INDEX ON reports (duplicate_of);

CREATE TABLE digest_subscriptions (
    email    text,
    board_id int REFERENCES boards,
    PRIMARY KEY (email, board_id)
);
CREATE INDEX ON digest_subscriptions (lower(email));

CREATE TABLE sessions (
    member_id bigint NOT NULL REFERENCES members,
    id        uuid NOT NULL,
    seen_at   timestamp NOT NULL,
    PRIMARY KEY (member_id, id)
) PARTITION BY HASH (member_id);
CREATE TABLE sessions_0 PARTITION OF sessions FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE sessions_1 PARTITION OF sessions FOR VALUES WITH (MODULUS 2, REMAINDER 1);

CREATE TABLE "Api-Tokens" (
    "Token"   uuid PRIMARY KEY,
    "Owner"   bigint NOT NULL REFERENCES members,
    "default" boolean NOT NULL
);
CREATE INDEX ON "Api-Tokens" ("Owner");

CREATE TABLE moderation_log (
    at        timestamp NOT NULL,
    moderator text NOT NULL,
    wording   text NOT NULL
);
CREATE INDEX ON moderation_log (moderator);

CREATE FUNCTION count_reactions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        UPDATE posts SET reaction_count = reaction_count + 1 WHERE id = NEW.post_id;
    ELSE
        UPDATE posts SET reaction_count = reaction_count - 1 WHERE id = OLD.post_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER reactions_count AFTER INSERT OR DELETE ON reactions
    FOR EACH ROW EXECUTE FUNCTION count_reactions();

CREATE VIEW latest_posts AS
SELECT t.title, p.author_name, p.body FROM threads t JOIN posts p ON p.id = t.last_post_id;
