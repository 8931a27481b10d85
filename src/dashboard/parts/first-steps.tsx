import { CommandBlock } from './command-block.tsx';

/** What an empty page says: the next commands, ready to copy. */
export function FirstSteps({ project }: { project: string }) {
  return (
    <div className="first-steps">
      <p>Point a program that logs to W&amp;B at this server:</p>
      <CommandBlock text={'eval "$(trackside env)"\npython train.py'} />
      <p>Or log a first curve:</p>
      <CommandBlock
        text={`import math, wandb

with wandb.init(project="${project}") as run:
    for step in range(100):
        run.log({"loss": math.exp(-step / 30)})`}
      />
    </div>
  );
}
