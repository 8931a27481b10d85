import { type Command, CommanderError } from 'commander';
import { Refusal } from '../core/model/refusal.ts';
import { complain } from './terminal.ts';

/**
 * Runs what the arguments ask for and sets the exit code: 0 done, 1 refused or failed, 2 wrong usage. An expected trouble
 * is one line on standard error; a bug shows its stack.
 */
export async function runProgram(program: Command, argv: readonly string[]): Promise<void> {
  for (const each of [program, ...program.commands]) {
    each.exitOverride().configureOutput({ outputError: (text) => complain(text.replace(/^error: /, '')) });
  }
  // `trackside serve | head` closes the pipe early; there is nobody left to tell.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  try {
    if (argv.length <= 2) program.outputHelp();
    else await program.parseAsync([...argv]);
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : 2;
    } else {
      complain(error instanceof Refusal ? error.message : String((error as Error).stack ?? error));
      process.exitCode = 1;
    }
  }
}
