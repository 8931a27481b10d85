-- Pages of 1,024 nodes of one key at one stored level (6, 8, 10, …). A page that would hold no value is left out.
create table page (
  stream integer not null,
  key integer not null,
  level integer not null,
  number integer not null,
  body blob not null,
  primary key (stream, key, level, number)
) strict;

-- Every page is there that covers nothing beyond the first `segments` segments. edition: a number that changes whenever something sealed is
-- opened, cut or deleted; what readers remember is bound to it.
create table pyramid (
  stream integer primary key,
  segments integer not null,
  edition integer not null
) strict;
