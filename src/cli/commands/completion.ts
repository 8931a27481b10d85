import { Argument, Command } from 'commander';
import { examples, say } from '../terminal.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

export function completion(): Command {
  const command: Command = new Command('completion')
    .description('print what completes this command in your shell')
    .addArgument(new Argument('<shell>').choices(SHELLS))
    .addHelpText(
      'after',
      examples(
        ['bash, in ~/.bashrc', 'eval "$(trackside completion bash)"'],
        ['zsh, in ~/.zshrc', 'eval "$(trackside completion zsh)"'],
        ['fish', 'trackside completion fish > ~/.config/fish/completions/trackside.fish'],
      ),
    )
    .action((shell: Shell) => {
      const verbs = (command.parent?.commands ?? []).map(describe);
      say(SCRIPTS[shell](verbs).trim());
    });
  return command;
}

interface Verb {
  readonly name: string;
  readonly description: string;
  /** Long options, with a value or without. */
  readonly options: readonly {
    readonly flag: string;
    readonly description: string;
    readonly choices: readonly string[];
  }[];
}

function describe(command: Command): Verb {
  return {
    name: command.name(),
    description: command.description(),
    options: command.options.flatMap(({ long, description, argChoices }) =>
      long ? [{ flag: long, description, choices: argChoices ?? [] }] : [],
    ),
  };
}

const SCRIPTS: Readonly<Record<Shell, (verbs: readonly Verb[]) => string>> = {
  bash: (verbs) => `
_trackside() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="${verbs.map((verb) => verb.name).join(' ')} --help --version"
  else
    case "\${COMP_WORDS[1]}" in
${verbs.map((verb) => `      ${verb.name}) words="${[...verb.options.map((option) => option.flag), '--help'].join(' ')}" ;;`).join('\n')}
    esac
  fi
  case "$current" in
    -*) COMPREPLY=($(compgen -W "$words" -- "$current")) ;;
    *) [ "$COMP_CWORD" -eq 1 ] && COMPREPLY=($(compgen -W "$words" -- "$current")) || COMPREPLY=($(compgen -f -- "$current")) ;;
  esac
}
complete -o filenames -F _trackside trackside
`,
  zsh: (verbs) => `
_trackside() {
  if (( CURRENT == 2 )); then
    local -a verbs=(
${verbs.map((verb) => `      ${single(`${verb.name}:${verb.description}`)}`).join('\n')}
    )
    _describe 'command' verbs
    return
  fi
  case "\${words[2]}" in
${verbs.map((verb) => `    ${verb.name}) _arguments ${verb.options.map(zshOption).join(' ')} '*:file:_files' ;;`).join('\n')}
  esac
}
compdef _trackside trackside
`,
  fish: (verbs) => `
complete -c trackside -n __fish_use_subcommand -f
${verbs.map((verb) => `complete -c trackside -n __fish_use_subcommand -f -a ${verb.name} -d ${single(verb.description)}`).join('\n')}
${verbs
  .flatMap((verb) =>
    verb.options.map(
      ({ flag, description, choices }) =>
        `complete -c trackside -n '__fish_seen_subcommand_from ${verb.name}' -l ${flag.slice(2)}${choices.length > 0 ? ` -xa '${choices.join(' ')}'` : ''} -d ${single(description)}`,
    ),
  )
  .join('\n')}
`,
};

function zshOption({ flag, description, choices }: Verb['options'][number]): string {
  const shown = description.replace(/[[\]:]/g, ' ');
  return single(`${flag}[${shown}]${choices.length > 0 ? `:value:(${choices.join(' ')})` : ''}`);
}

/** In single quotes, for each of the three shells. */
function single(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
