import type { DatabaseSync } from 'node:sqlite';
import type { ApiKey, Entity, User } from '../../../../core/model/account.ts';
import { Refusal } from '../../../../core/model/refusal.ts';
import { must } from '../../../../core/base/assert.ts';
import type { ReadContext, WriteContext } from '../operations.ts';
import { statement } from '../statements.ts';
import { deleteProjectsOf } from './project-operations.ts';

interface KeyRecord {
  key: number;
  username: string;
  prefix: string;
  description: string | null;
  created_at: number;
}

export const accountWrites = {
  putUser({ db }: WriteContext, user: { username: string; email: string | null; admin: boolean }, at: number): User {
    if (exists(db, 'select 1 from team where name = ?', user.username)) {
      throw new Refusal('conflict', `${user.username} is a team; a user needs another name`);
    }
    statement(
      db,
      `insert into user (username, email, admin, created_at) values (?, ?, ?, ?)
       on conflict (username) do update set email = excluded.email, admin = excluded.admin`,
    ).run(user.username, user.email, Number(user.admin), at);
    return must(readUser(db, user.username));
  },

  deleteUser(context: WriteContext, username: string, at: number): boolean {
    const { db } = context;
    if (statement(db, 'delete from user where username = ?').run(username).changes === 0) return false;
    statement(db, 'delete from api_key where username = ?').run(username);
    statement(db, 'delete from team_member where username = ?').run(username);
    statement(db, 'delete from organization_member where username = ?').run(username);
    deleteProjectsOf(context, username, at);
    return true;
  },

  putKey(
    { db }: WriteContext,
    key: { username: string; hash: string; prefix: string; description: string | null },
    at: number,
  ): ApiKey {
    mustBeUser(db, key.username);
    const sql = 'select key, username, prefix, description, created_at from api_key where hash = ?';
    const found = statement(db, sql).get(key.hash) as KeyRecord | undefined;
    if (found !== undefined) {
      if (found.username === key.username) return keyOfRecord(found);
      throw new Refusal('conflict', 'another user holds this API key; choose a new one');
    }
    statement(db, 'insert into api_key (username, hash, prefix, description, created_at) values (?, ?, ?, ?, ?)').run(
      key.username,
      key.hash,
      key.prefix,
      key.description,
      at,
    );
    return keyOfRecord(statement(db, sql).get(key.hash) as unknown as KeyRecord);
  },

  deleteKey({ db }: WriteContext, id: string): boolean {
    return statement(db, 'delete from api_key where key = cast(? as integer)').run(id).changes > 0;
  },

  putTeam(
    { db }: WriteContext,
    team: {
      name: string;
      organization: string | null;
      members: readonly { username: string; admin: boolean }[];
    },
    at: number,
  ): Entity {
    if (exists(db, 'select 1 from user where username = ?', team.name)) {
      throw new Refusal('conflict', `${team.name} is a user; a team needs another name`);
    }
    statement(
      db,
      `insert into team (name, organization, created_at) values (?, ?, ?)
       on conflict (name) do update set organization = excluded.organization`,
    ).run(team.name, team.organization, at);
    statement(db, 'delete from team_member where team = ?').run(team.name);
    for (const member of team.members) {
      mustBeUser(db, member.username);
      const sql = 'insert or replace into team_member (team, username, admin) values (?, ?, ?)';
      statement(db, sql).run(team.name, member.username, Number(member.admin));
    }
    return must(readEntity(db, team.name));
  },

  deleteTeam(context: WriteContext, name: string, at: number): boolean {
    const { db } = context;
    if (statement(db, 'delete from team where name = ?').run(name).changes === 0) return false;
    statement(db, 'delete from team_member where team = ?').run(name);
    deleteProjectsOf(context, name, at);
    return true;
  },

  putOrganization({ db }: WriteContext, organization: { name: string; owner: string }): void {
    statement(
      db,
      'insert into organization (name, owner) values (?, ?) on conflict (name) do update set owner = excluded.owner',
    ).run(organization.name, organization.owner);
    const sql = `insert or replace into organization_member (organization, username, role) values (?, ?, 'admin')`;
    statement(db, sql).run(organization.name, organization.owner);
  },

  putOrganizationMembers(
    { db }: WriteContext,
    name: string,
    members: readonly { username: string; role: 'admin' | 'member' | 'viewer' }[],
  ): void {
    if (!exists(db, 'select 1 from organization where name = ?', name)) {
      throw new Refusal('not_found', `there is no organization ${name}; create it first`);
    }
    for (const { username, role } of members) {
      const sql = 'insert or replace into organization_member (organization, username, role) values (?, ?, ?)';
      statement(db, sql).run(name, username, role);
    }
  },

  deleteOrganization(context: WriteContext, name: string, at: number): boolean {
    const { db } = context;
    if (statement(db, 'delete from organization where name = ?').run(name).changes === 0) return false;
    statement(db, 'delete from organization_member where organization = ?').run(name);
    const teams = statement(db, 'select name from team where organization = ?').all(name);
    for (const team of teams) accountWrites.deleteTeam(context, team['name'] as string, at);
    return true;
  },
};

export const accountReads = {
  getUser({ db }: ReadContext, username: string): User | null {
    return readUser(db, username);
  },

  listUsers({ db }: ReadContext): readonly User[] {
    const users = statement(db, 'select username from user order by username').all();
    return users.map((user) => must(readUser(db, user['username'] as string)));
  },

  listKeys({ db }: ReadContext, username: string): readonly ApiKey[] {
    const sql = 'select key, username, prefix, description, created_at from api_key where username = ? order by key';
    return statement(db, sql)
      .all(username)
      .map((record) => keyOfRecord(record as unknown as KeyRecord));
  },

  findUserByKey({ db }: ReadContext, hash: string): User | null {
    const key = statement(db, 'select username from api_key where hash = ?').get(hash);
    return key === undefined ? null : readUser(db, key['username'] as string);
  },

  getEntity({ db }: ReadContext, name: string): Entity | null {
    return readEntity(db, name);
  },
};

function readUser(db: DatabaseSync, username: string): User | null {
  const user = statement(db, 'select email, admin, created_at from user where username = ?').get(username);
  if (user === undefined) return null;
  const teams = statement(db, 'select team from team_member where username = ? order by team').all(username);
  return {
    username,
    email: user['email'] as string | null,
    admin: user['admin'] === 1,
    entities: [username, ...teams.map((team) => team['team'] as string)],
    createdAt: user['created_at'] as number,
  };
}

function readEntity(db: DatabaseSync, name: string): Entity | null {
  if (exists(db, 'select 1 from user where username = ?', name)) {
    return { name, kind: 'user', members: [{ username: name, admin: true }] };
  }
  if (!exists(db, 'select 1 from team where name = ?', name)) return null;
  const members = statement(db, 'select username, admin from team_member where team = ? order by username').all(name);
  return {
    name,
    kind: 'team',
    members: members.map((member) => ({ username: member['username'] as string, admin: member['admin'] === 1 })),
  };
}

function keyOfRecord(record: KeyRecord): ApiKey {
  return {
    id: String(record.key),
    username: record.username,
    prefix: record.prefix,
    description: record.description,
    createdAt: record.created_at,
  };
}

function mustBeUser(db: DatabaseSync, username: string): void {
  if (exists(db, 'select 1 from user where username = ?', username)) return;
  throw new Refusal('not_found', `there is no user ${username}; create the user first`);
}

function exists(db: DatabaseSync, sql: string, value: string): boolean {
  return statement(db, sql).get(value) !== undefined;
}
