import { useState } from 'react';
import { useEditRun } from '../data/run-edit.ts';
import type { RunDetail, RunName } from '../data/queries.ts';
import { endOf, RunTime } from '../parts/age.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { momentText } from '../words/time.ts';
import { ValueTree } from './value-tree.tsx';

/** Who, when, where, from what code; notes; and the machine as the client told it. */
export function OverviewTab({ name, run }: { name: RunName; run: RunDetail }) {
  const facts: readonly (readonly [string, string | null])[] = [
    ['State', run.stateReason === null ? run.state : `${run.state}: ${run.stateReason}`],
    ['Exit code', run.exitCode === null ? null : String(run.exitCode)],
    ['Created', momentText(run.createdAt)],
    ['Finished', run.finishedAt === null ? null : momentText(run.finishedAt)],
    ['Last sign of life', momentText(run.heartbeatAt)],
    ['User', run.user],
    ['Host', run.host],
    ['Group', run.group],
    ['Job type', run.jobType],
    ['Program', run.program],
    ['Repository', run.repo],
    ['Commit', run.commit],
    ['Path', `${name.entity}/${name.project}/${name.run}`],
  ];
  return (
    <div className="two-columns overview">
      <section className="value-section">
        <h2>Run</h2>
        <dl className="facts">
          {facts.map(([label, value]) =>
            value === null ? null : (
              <div key={label}>
                <dt>{label}</dt>
                <dd>{value}</dd>
                <CopyButton text={value} what={label.toLowerCase()} />
              </div>
            ),
          )}
          <div>
            <dt>Duration</dt>
            <dd>
              <RunTime createdAt={run.createdAt} endedAt={endOf(run)} everyMs={1_000} />
            </dd>
          </div>
        </dl>
        <h2>Notes</h2>
        <Notes name={name} run={run} />
      </section>
      <section className="value-section">
        <h2>Environment</h2>
        <ValueTree root={run.environment} find="" />
      </section>
    </div>
  );
}

function Notes({ name, run }: { name: RunName; run: RunDetail }) {
  const edit = useEditRun(name);
  const [draft, setDraft] = useState<string | null>(null);
  const keep = () => {
    if (draft !== null && draft !== (run.notes ?? '')) edit.mutate({ notes: draft === '' ? null : draft });
    setDraft(null);
  };
  return (
    <>
      <textarea
        className="notes"
        aria-label="Notes"
        placeholder="What was tried, what came out"
        value={draft ?? run.notes ?? ''}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={keep}
      />
      {edit.error !== null && <p className="problem">{edit.error.message}</p>}
    </>
  );
}
