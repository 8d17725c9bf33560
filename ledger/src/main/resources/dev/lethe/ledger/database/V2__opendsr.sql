-- Whom to tell that the status of a request has changed. Follows from the journal, entry by entry, like everything else.
create table callback (
    request_id         uuid not null,
    -- the fingerprint of an address
    callback           text not null,
    -- which change of the request's status, from 1
    change             integer not null,
    status             text not null check (status in ('pending', 'in_progress', 'completed', 'cancelled')),
    at                 timestamptz not null,
    -- the id by which whoever is told knows the request
    subject_request_id uuid not null,
    due_by             timestamptz not null,
    -- when they were told, or given up
    called_at          timestamptz,
    delivered          boolean,
    primary key (request_id, callback, change)
);
create index callback_due on callback (callback, at, request_id, change) where called_at is null;
