-- Everything here follows from the topic erasure.journal, which can be read again at any time.

-- How far the journal has been read. Changes in the same transaction as all that follows from what was read.
create table journal (
    one         boolean primary key default true check (one),
    next_offset bigint not null,
    -- leaves of the tree
    size        bigint not null
);
insert into journal (next_offset, size) values (0, 0);

-- The leaves, in their order.
create table entry (
    index      bigint primary key,
    hash       bytea not null,
    kind       text not null,
    request_id uuid,
    at         timestamptz not null,
    -- the leaf's bytes, which are JSON
    content    text not null
);
create unique index entry_hash on entry (hash);
create index entry_request on entry (request_id, index) where request_id is not null;

-- The tree: 256 hashes a row, those of leaves at level 0 and those of whole rows below at any other.
create table tile (
    level  smallint not null,
    index  bigint not null,
    hashes bytea not null,
    primary key (level, index)
);
alter table tile alter column hashes set storage external;

create table checkpoint (
    size bigint primary key,
    root bytea not null,
    -- the signed note
    note text not null,
    at   timestamptz not null
);

create table request (
    request_id   uuid primary key,
    subject_key  text not null,
    status       text not null check (status in ('pending', 'in_progress', 'completed', 'cancelled')),
    -- when it was received, or, of one that is known by what became of it alone, the first that is known
    requested_at timestamptz not null,
    due_by       timestamptz,
    source       text,
    -- when it was announced and confirmed, where the identity provider is asked first
    announced_at timestamptz,
    accepted_at  timestamptz,
    -- when it was completed or cancelled
    settled_at   timestamptz,
    stores       integer not null,
    stores_done  integer not null,
    failed       boolean not null,
    retained     boolean not null,
    given_up     boolean not null,
    items        bigint not null,
    last_at      timestamptz not null
);
create index request_newest on request (requested_at desc, request_id);
create index request_status on request (status, requested_at desc, request_id);
create index request_due on request (due_by, request_id) where status in ('pending', 'in_progress');
create index request_failed on request (requested_at desc, request_id) where failed;
create index request_subject on request (subject_key, requested_at desc);

create table request_store (
    request_id   uuid not null,
    store        text not null,
    state        text not null
        check (state in ('waiting', 'erased', 'retained', 'scheduled', 'failed', 'given_up')),
    items        bigint not null,
    settled_at   timestamptz,
    last_at      timestamptz,
    code         text,
    -- of the request, so that a list is a stretch of an index
    status       text not null,
    requested_at timestamptz not null,
    due_by       timestamptz,
    primary key (request_id, store)
);
create index request_store_newest on request_store (store, requested_at desc, request_id);
create index request_store_status on request_store (store, status, requested_at desc, request_id);
create index request_store_due on request_store (store, due_by, request_id)
    where status in ('pending', 'in_progress');
create index request_store_failed on request_store (store, requested_at desc, request_id) where state = 'failed';

-- The open entries.
create table dead_letter (
    key             text primary key,
    request_id      uuid,
    store           text not null,
    code            text not null,
    attempts        integer not null,
    first_failed_at timestamptz not null,
    at              timestamptz not null
);
create index dead_letter_request on dead_letter (request_id) where request_id is not null;

-- What people did.
create table action (
    index      bigint primary key,
    at         timestamptz not null,
    actor      text not null,
    action     text not null,
    request_id uuid,
    store      text,
    reason     text
);
create index action_newest on action (at desc, index);

-- Counted as it happens: a count over a million rows takes too long. Of a kind, in the hour that begins then.
create table tally (
    kind  text not null,
    hour  timestamptz not null,
    count bigint not null,
    primary key (kind, hour)
);

-- How long requests took that were completed on a day (UTC): how many, by the logarithm of it.
create table duration (
    day    date not null,
    bucket integer not null,
    count  bigint not null,
    primary key (day, bucket)
);
