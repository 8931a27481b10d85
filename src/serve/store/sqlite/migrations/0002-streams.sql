-- The rows of runs. What the tables mean together is told in docs/internals/streams.md.

-- kind: 0 history, 1 system, 2 console. epoch rises when rows change their place. Numbers are never used again: readers
-- remember what they decoded by them.
create table stream (
  id integer primary key autoincrement,
  run integer not null,
  kind integer not null,
  sealed_rows integer not null default 0,
  version integer not null default 0,
  epoch integer not null default 0,
  unique (run, kind)
) strict;

create table writer (
  stream integer not null,
  id integer not null,
  name text not null,
  primary key (stream, id)
) strict, without rowid;

-- Which lines of which writer the sealed rows are. Console: all lines.
create table span (
  stream integer not null,
  row0 integer not null,
  n integer not null,
  writer integer not null,
  line0 integer not null,
  primary key (stream, row0)
) strict, without rowid;
create index span_by_line on span (stream, writer, line0);

-- path: a JSON list of names, ["sub","x"]. The rest sums up the sealed rows.
create table key (
  id integer primary key,
  stream integer not null,
  path text not null,
  numbers integer not null default 0,
  last any,
  low real,
  high real,
  strings integer not null default 0,
  booleans integer not null default 0,
  nulls integer not null default 0,
  lists integer not null default 0,
  objects integer not null default 0,
  unique (stream, path)
) strict;

-- Rows that are not sealed yet, as they arrived: at once the rows and their write-ahead record.
create table tail (
  stream integer not null,
  seq integer not null,
  row0 integer not null,
  n integer not null,
  writer integer not null,
  line0 integer not null,
  body blob not null,
  primary key (stream, seq)
) strict;

-- Sealed numbers of one key in one segment. id = key * 2^20 + segment. pattern: which rows hold it, 0 for all.
create table col (
  id integer primary key,
  n integer not null,
  pattern integer not null,
  last any,
  low real,
  high real,
  body blob not null
) strict;

create table pattern (
  stream integer not null,
  segment integer not null,
  id integer not null,
  n integer not null,
  body blob not null,
  primary key (stream, segment, id)
) strict, without rowid;

-- Many short columns of one segment together.
create table pack (
  stream integer not null,
  segment integer not null,
  id integer not null,
  directory blob not null,
  body blob not null,
  primary key (stream, segment, id)
) strict;

-- Sealed values that are not numbers, of one key in one segment, in parts of bounded size.
create table rest (
  stream integer not null,
  segment integer not null,
  key integer not null,
  part integer not null,
  body blob not null,
  primary key (stream, segment, key, part)
) strict;

-- Console. flags: 1 standard error.
create table line (
  stream integer not null,
  number integer not null,
  at integer,
  flags integer not null,
  label text,
  text text not null,
  primary key (stream, number)
) strict, without rowid;
