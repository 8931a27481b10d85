import { Link } from '@tanstack/react-router';
import { hueColour, hueOf } from '../charts/drawn-run.ts';
import { useEditRun } from '../data/run-edit.ts';
import type { RunDetail, RunName } from '../data/queries.ts';
import { Age, endOf, RunTime } from '../parts/age.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { InlineText } from '../parts/inline-text.tsx';
import { StateMark } from '../parts/state-mark.tsx';
import { countText } from '../words/number.ts';
import { StopButton } from './stop-button.tsx';
import { TagEditor } from './tag-editor.tsx';

/** The line that says what this run is and how it fares. Its room is there before its data. */
export function RunHeader({ name, run }: { name: RunName; run: RunDetail | undefined }) {
  const edit = useEditRun(name);
  const step = run?.summary['_step'];
  return (
    <header className="bar run-bar">
      <Link
        to="/$entity/$project"
        params={{ entity: name.entity, project: name.project }}
        className="quiet run-up"
        title="Back to the project (u)"
      >
        {name.project}
      </Link>
      <span className="quiet run-up">/</span>
      {run !== undefined && (
        <>
          <span className="dot drawn" style={{ background: hueColour(hueOf(run.id)) }} />
          <h1>
            <InlineText
              text={run.displayName}
              label="Name"
              problem={edit.error?.message ?? null}
              onChange={(displayName) => edit.mutate({ displayName })}
            />
          </h1>
          <span className={`state-chip state-${run.state}`} data-state={run.state}>
            <StateMark state={run.state} reason={run.stateReason} />
            {run.state}
            {run.stateReason !== null && <span className="state-reason">{run.stateReason}</span>}
          </span>
          <span className="fact number" title="Duration">
            <RunTime createdAt={run.createdAt} endedAt={endOf(run)} everyMs={1_000} />
          </span>
          {typeof step === 'number' && (
            <span className="fact number" title={`Last step ${step.toLocaleString('en-US')}`}>
              <span className="quiet">step</span> {countText(step)}
            </span>
          )}
          {run.host !== null && <span className="fact quiet run-host">{run.host}</span>}
          <TagEditor tags={run.tags} onChange={(tags) => edit.mutate({ tags: [...tags] })} />
          <span className="spring" />
          <span className="fact quiet run-created">
            <Age at={run.createdAt} />
          </span>
          <code className="quiet run-id">{run.id}</code>
          <CopyButton text={run.id} what="run id" />
          <StopButton name={name} run={run} />
        </>
      )}
    </header>
  );
}
