-- One row that /ready writes to prove that a commit reaches the disk.
create table heartbeat (one integer primary key check (one = 1), at integer not null) strict;
