-- Who there is.
create table user (
  username text primary key,
  email text,
  admin integer not null,
  created_at integer not null
) strict, without rowid;

create table api_key (
  key integer primary key autoincrement,
  username text not null,
  hash text not null unique, -- SHA-256, lower-case hex
  prefix text not null,
  description text,
  created_at integer not null
) strict;
create index api_key_of_user on api_key (username);

create table team (
  name text primary key,
  organization text,
  created_at integer not null
) strict, without rowid;
create index team_of_organization on team (organization);

create table team_member (
  team text not null,
  username text not null,
  admin integer not null,
  primary key (team, username)
) strict, without rowid;
create index team_of_member on team_member (username);

create table organization (
  name text primary key,
  owner text not null
) strict, without rowid;

create table organization_member (
  organization text not null,
  username text not null,
  role text not null,
  primary key (organization, username)
) strict, without rowid;

-- What they have. A project that was deleted stays, hidden and without its name, until the last of its runs is gone.
create table project (
  key integer primary key autoincrement,
  entity text not null,
  name text not null,
  description text,
  created_at integer not null,
  user text not null,
  deleted_at integer
) strict;
create unique index project_by_name on project (entity, name) where deleted_at is null;
create index project_deleted on project (key) where deleted_at is not null;

-- A run's row is narrow, because every body that arrives touches it; long texts lie beside it.
create table run (
  key integer primary key autoincrement,
  project integer not null,
  id text not null,
  display_name text not null,
  state text not null,
  state_reason text,
  exit_code integer,
  tags text not null, -- JSON list
  run_group text,
  job_type text,
  sweep text,
  host text,
  program text,
  commit_hash text,
  repo text,
  user text not null,
  created_at integer not null,
  heartbeat_at integer not null,
  finished_at integer,
  stop_requested_by text,
  -- One counter for the whole store: the change with this number was the last one of this run.
  rev integer not null,
  -- The last change of run_text.
  text_rev integer not null
) strict;
create unique index run_by_id on run (project, id);
create index run_by_rev on run (rev, project);
create index run_alive on run (key) where state in ('running', 'preempting');

create table run_text (
  run integer primary key,
  config text not null,
  notes text
) strict;

create table run_summary (
  run integer primary key,
  summary text not null
) strict;

create table run_file (
  run integer not null,
  name text not null,
  size_bytes integer not null,
  md5 text not null,
  mimetype text not null,
  updated_at integer not null,
  blob text not null,
  primary key (run, name)
) strict, without rowid;
create index run_file_by_blob on run_file (blob);

-- Runs that were deleted: what caches have to forget, and, until freed, what still holds space.
create table gone (
  run integer primary key,
  project integer not null,
  rev integer not null,
  freed integer not null
) strict;
create index gone_by_rev on gone (rev);
create index gone_unfreed on gone (run) where freed = 0;

-- Blobs that nothing names any more and whose bytes are still there.
create table orphan (blob text primary key) strict, without rowid;
