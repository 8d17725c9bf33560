-- A forum: people have names; what they wrote stays readable, what they are goes.
CREATE TABLE members (
    id         bigint PRIMARY KEY,
    username   varchar(60) NOT NULL UNIQUE,
    email      varchar(200) NOT NULL,
    avatar_id  bigint,
    invited_by bigint,
    joined_on  date NOT NULL,
    FOREIGN KEY (invited_by) REFERENCES members (id) ON DELETE SET NULL
);

CREATE TABLE profiles (
    member_id bigint PRIMARY KEY,
    bio       text,
    birthday  date,
    FOREIGN KEY (member_id) REFERENCES members (id) ON DELETE CASCADE
);

CREATE TABLE boards (
    id           int PRIMARY KEY,
    parent_id    int,
    slug         varchar(60) NOT NULL UNIQUE CHECK (slug RLIKE '^[a-z0-9-]+$'),
    moderator_id bigint,
    FOREIGN KEY (parent_id) REFERENCES boards (id) ON DELETE CASCADE,
    FOREIGN KEY (moderator_id) REFERENCES members (id) ON DELETE SET NULL
);

CREATE TABLE threads (
    id           bigint PRIMARY KEY,
    board_id     int NOT NULL,
    author_id    bigint,
    author_name  varchar(60) NOT NULL,
    title        varchar(200) NOT NULL,
    last_post_id bigint,
    FOREIGN KEY (board_id) REFERENCES boards (id),
    FOREIGN KEY (author_id) REFERENCES members (id),
    KEY (author_name)
);

CREATE TABLE posts (
    id             bigint PRIMARY KEY,
    thread_id      bigint NOT NULL,
    reply_to       bigint,
    author_id      bigint,
    author_name    varchar(60) NOT NULL,
    ip             varchar(64),
    body           text NOT NULL,
    excerpt        varchar(20) GENERATED ALWAYS AS (left(body, 20)) STORED,
    reaction_count int NOT NULL DEFAULT 0,
    FOREIGN KEY (thread_id) REFERENCES threads (id),
    FOREIGN KEY (reply_to) REFERENCES posts (id) ON DELETE SET NULL,
    FOREIGN KEY (author_id) REFERENCES members (id),
    KEY (author_name)
);
ALTER TABLE threads ADD FOREIGN KEY (last_post_id) REFERENCES posts (id) ON DELETE SET NULL;

CREATE TABLE post_edits (
    post_id   bigint,
    seq       int,
    editor_id bigint,
    old_body  text NOT NULL,
    PRIMARY KEY (post_id, seq),
    FOREIGN KEY (post_id) REFERENCES posts (id) ON DELETE CASCADE,
    FOREIGN KEY (editor_id) REFERENCES members (id) ON DELETE SET NULL
);

CREATE TABLE reactions (
    post_id   bigint,
    member_id bigint,
    kind      enum ('like', 'thanks', 'laugh') NOT NULL,
    PRIMARY KEY (post_id, member_id),
    FOREIGN KEY (post_id) REFERENCES posts (id),
    FOREIGN KEY (member_id) REFERENCES members (id) ON DELETE CASCADE
);

CREATE TABLE attachments (
    id          bigint PRIMARY KEY,
    uploader_id bigint NOT NULL,
    post_id     bigint,
    file_name   varchar(100) NOT NULL,
    FOREIGN KEY (uploader_id) REFERENCES members (id),
    FOREIGN KEY (post_id) REFERENCES posts (id) ON DELETE SET NULL
);
ALTER TABLE members ADD FOREIGN KEY (avatar_id) REFERENCES attachments (id);

-- A message belongs to both who share it.
CREATE TABLE messages (
    id           bigint PRIMARY KEY,
    sender_id    bigint NOT NULL,
    recipient_id bigint NOT NULL,
    answers      bigint,
    body         text NOT NULL,
    FOREIGN KEY (sender_id) REFERENCES members (id),
    FOREIGN KEY (recipient_id) REFERENCES members (id),
    FOREIGN KEY (answers) REFERENCES messages (id) ON DELETE CASCADE
);

CREATE TABLE message_receipts (
    message_id bigint PRIMARY KEY,
    read_at    datetime NOT NULL,
    FOREIGN KEY (message_id) REFERENCES messages (id)
);

CREATE TABLE follows (
    follower bigint,
    followed bigint,
    PRIMARY KEY (follower, followed),
    FOREIGN KEY (follower) REFERENCES members (id),
    FOREIGN KEY (followed) REFERENCES members (id)
);

CREATE TABLE polls (
    id        int PRIMARY KEY,
    thread_id bigint NOT NULL,
    question  varchar(200) NOT NULL,
    FOREIGN KEY (thread_id) REFERENCES threads (id)
);

CREATE TABLE poll_options (
    poll_id   int,
    option_no int,
    wording   varchar(200) NOT NULL,
    PRIMARY KEY (poll_id, option_no),
    FOREIGN KEY (poll_id) REFERENCES polls (id)
);

CREATE TABLE poll_votes (
    poll_id   int,
    member_id bigint,
    option_no int NOT NULL,
    PRIMARY KEY (poll_id, member_id),
    FOREIGN KEY (member_id) REFERENCES members (id),
    FOREIGN KEY (poll_id, option_no) REFERENCES poll_options (poll_id, option_no)
);

CREATE TABLE member_badges (
    member_id bigint,
    badge     varchar(60),
    PRIMARY KEY (member_id, badge),
    FOREIGN KEY (member_id) REFERENCES members (id) ON DELETE CASCADE
);

-- A report that repeats another one goes with it.
CREATE TABLE reports (
    id           bigint PRIMARY KEY,
    reporter_id  bigint NOT NULL,
    post_id      bigint NOT NULL,
    duplicate_of bigint,
    reason       varchar(200) NOT NULL,
    FOREIGN KEY (reporter_id) REFERENCES members (id),
    FOREIGN KEY (post_id) REFERENCES posts (id),
    FOREIGN KEY (duplicate_of) REFERENCES reports (id) ON DELETE CASCADE
);

CREATE TABLE digest_subscriptions (
    email    varchar(200) COLLATE utf8mb4_bin,
    board_id int,
    PRIMARY KEY (email, board_id),
    FOREIGN KEY (board_id) REFERENCES boards (id)
);

CREATE TABLE sessions (
    member_id bigint NOT NULL,
    id        uuid NOT NULL,
    seen_at   datetime NOT NULL,
    PRIMARY KEY (member_id, id),
    FOREIGN KEY (member_id) REFERENCES members (id)
);

CREATE TABLE `Api-Tokens` (
    `Token`   uuid PRIMARY KEY,
    `Owner`   bigint NOT NULL,
    `default` boolean NOT NULL,
    FOREIGN KEY (`Owner`) REFERENCES members (id)
);

CREATE TABLE moderation_log (
    at        datetime NOT NULL,
    moderator varchar(60) NOT NULL,
    wording   varchar(200) NOT NULL,
    KEY (moderator)
) PARTITION BY HASH (year(at)) PARTITIONS 3;

CREATE TRIGGER reactions_more AFTER INSERT ON reactions FOR EACH ROW
    UPDATE posts SET reaction_count = reaction_count + 1 WHERE id = NEW.post_id;
CREATE TRIGGER reactions_less AFTER DELETE ON reactions FOR EACH ROW
    UPDATE posts SET reaction_count = reaction_count - 1 WHERE id = OLD.post_id;

CREATE VIEW latest_posts AS
SELECT t.title, p.author_name, p.body FROM threads t JOIN posts p ON p.id = t.last_post_id;
