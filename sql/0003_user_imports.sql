-- Bulk imports of users: the jobs, and what was wrong with single users of their files. A day after its end a job is gone.

create table user_import_jobs (
  id text primary key,
  -- no reference: a job outlives its connection, and says so
  connection_id text not null,
  upsert boolean not null,
  external_id text,
  -- where a mail goes when the job has ended; null: nowhere
  notify text,
  -- the application that asked for it
  client_id text not null,
  status text not null check (status in ('pending', 'processing', 'completed', 'failed')),
  status_details text,
  -- the file as it came, sealed with the row's identity; taken away in the transaction that ends the job
  file_sealed bytea,
  total integer not null default 0,
  -- users of the file that are done with: moves in the transaction that writes the user
  position integer not null default 0,
  inserted integer not null default 0,
  updated integer not null default 0,
  failed integer not null default 0,
  created_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz,
  next_attempt_at timestamptz not null,
  attempts integer not null default 0,
  check ((finished_at is null) = (status in ('pending', 'processing'))),
  check (finished_at is null or file_sealed is null)
);
-- sealed bytes do not get smaller, so nobody need try
alter table user_import_jobs alter column file_sealed set storage external;
create index user_import_jobs_due on user_import_jobs (next_attempt_at) where finished_at is null;

create table user_import_errors (
  job_id text not null references user_import_jobs on delete cascade,
  position integer not null,
  -- sealed {"user", "errors"}: the user as the file has him, without hashes of passwords
  entry_sealed bytea not null,
  primary key (job_id, position)
);
