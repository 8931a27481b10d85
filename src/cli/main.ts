import { Command } from 'commander';
import { packageVersion } from '../serve/server/package-root.ts';
import { completion } from './commands/completion.ts';
import { demo } from './commands/demo.ts';
import { doctor } from './commands/doctor.ts';
import { env } from './commands/env.ts';
import { login } from './commands/login.ts';
import { open } from './commands/open.ts';
import { serve } from './commands/serve.ts';
import { sync } from './commands/sync.ts';
import { endWithParent } from './parent-watch.ts';
import { runProgram } from './run-program.ts';

/** Every verb, in the order in which help shows them. */
const COMMANDS: readonly (() => Command)[] = [serve, open, env, login, sync, doctor, demo, completion];

endWithParent();
const program = new Command('trackside')
  .description('Track machine-learning runs, and understand them.')
  .version(packageVersion(), '-V, --version')
  .helpCommand(false)
  .showSuggestionAfterError(true);
for (const command of COMMANDS) program.addCommand(command());
await runProgram(program, process.argv);
