import type { DatabaseSync } from 'node:sqlite';
import type { Project } from '../../../../core/model/project.ts';
import type { ProjectKey } from '../../../../core/model/run.ts';
import { Refusal } from '../../../../core/model/refusal.ts';
import { must } from '../../../../core/base/assert.ts';
import type { ProjectWithCounts } from '../../projects.ts';
import type { ReadContext, WriteContext } from '../operations.ts';
import { statement } from '../statements.ts';
import { freeWhenIdle } from './deletion.ts';

interface ProjectRecord {
  key: number;
  entity: string;
  name: string;
  description: string | null;
  created_at: number;
  user: string;
}

const FIND = 'select * from project where entity = ? and name = ? and deleted_at is null';

export const projectWrites = {
  openProject({ db }: WriteContext, entity: string, name: string, user: string, at: number): Project {
    const found = readProject(db, entity, name);
    if (found !== null) return found;
    const owner = 'select 1 from user where username = ?1 union all select 1 from team where name = ?1';
    if (statement(db, owner).get(entity) === undefined) {
      throw new Refusal('not_found', `there is no user or team ${entity}; check the entity's spelling`);
    }
    const sql = 'insert into project (entity, name, created_at, user) values (?, ?, ?, ?)';
    statement(db, sql).run(entity, name, at, user);
    return must(readProject(db, entity, name));
  },

  editProject({ db }: WriteContext, key: ProjectKey, patch: { description?: string | null }): Project {
    if (patch.description !== undefined) {
      statement(db, 'update project set description = ? where key = ?').run(patch.description, key);
    }
    const record = statement(db, 'select * from project where key = ? and deleted_at is null').get(key);
    if (record === undefined) throw new Refusal('not_found', 'this project was deleted; nothing was changed');
    return projectOfRecord(record as unknown as ProjectRecord);
  },

  deleteProject(context: WriteContext, key: ProjectKey, at: number): boolean {
    const sql = 'update project set deleted_at = ? where key = ? and deleted_at is null';
    if (statement(context.db, sql).run(at, key).changes === 0) return false;
    freeWhenIdle(context);
    return true;
  },
};

export const projectReads = {
  findProject({ db }: ReadContext, entity: string, name: string): Project | null {
    return readProject(db, entity, name);
  },

  listProjects({ db }: ReadContext, entities: readonly string[]): readonly ProjectWithCounts[] {
    const sql = `
      select p.*, count(r.key) as runs, coalesce(sum(r.state = 'running'), 0) as running,
        max(p.created_at, coalesce(max(r.heartbeat_at), 0)) as active_at
      from project p left join run r on r.project = p.key
      where p.deleted_at is null and p.entity in (select value from json_each(?))
      group by p.key order by active_at desc, p.key desc`;
    const records = statement(db, sql).all(JSON.stringify(entities));
    return records.map((record) => ({
      ...projectOfRecord(record as unknown as ProjectRecord),
      runs: record['runs'] as number,
      running: record['running'] as number,
      activeAt: record['active_at'] as number,
    }));
  },
};

/** Hides all projects of this owner and frees their space in the background. */
export function deleteProjectsOf(context: WriteContext, entity: string, at: number): void {
  const sql = 'update project set deleted_at = ? where entity = ? and deleted_at is null';
  if (statement(context.db, sql).run(at, entity).changes > 0) freeWhenIdle(context);
}

function readProject(db: DatabaseSync, entity: string, name: string): Project | null {
  const record = statement(db, FIND).get(entity, name);
  return record === undefined ? null : projectOfRecord(record as unknown as ProjectRecord);
}

function projectOfRecord(record: ProjectRecord): Project {
  return {
    key: record.key as ProjectKey,
    entity: record.entity,
    name: record.name,
    description: record.description,
    createdAt: record.created_at,
    user: record.user,
  };
}
