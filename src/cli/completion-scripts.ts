import type { CommandUnknownOpts } from '@commander-js/extra-typings';

export type Shell = 'bash' | 'zsh' | 'fish';

interface CommandWords {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly OptionWords[];
  /** What its first argument may be, where that is a fixed set. */
  readonly choices: readonly string[];
  readonly takesFile: boolean;
}

interface OptionWords {
  readonly long: string;
  readonly short: string | undefined;
  readonly description: string;
  readonly takesValue: boolean;
  readonly takesFile: boolean;
  readonly choices: readonly string[];
}

/**
 * The completion script of a shell, made of the commands and options there are.
 *
 * @param phases what --only and --skip take.
 */
export function completionScript(
  program: CommandUnknownOpts,
  shell: Shell,
  phases: readonly string[],
): string {
  const name = program.name();
  const commands = program.commands.map(commandWords);
  const globals = optionWords(program).map((option) =>
    option.long === '--only' || option.long === '--skip' ? { ...option, choices: phases } : option,
  );
  const write = { bash: bashScript, zsh: zshScript, fish: fishScript }[shell];
  return `${write(name, commands, globals).join('\n')}\n`;
}

function commandWords(command: CommandUnknownOpts): CommandWords {
  const [argument] = command.registeredArguments;
  return {
    name: command.name(),
    summary: command.summary(),
    // Help is among the options of the program.
    options: optionWords(command).filter(({ long }) => long !== '--help'),
    choices: argument?.argChoices ?? [],
    takesFile: argument !== undefined && argument.argChoices === undefined,
  };
}

const optionWords = (command: CommandUnknownOpts): readonly OptionWords[] =>
  command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long, short, description, flags, required, optional, argChoices = [] }) => {
      if (typeof long !== 'string') return [];
      const takesFile = /[<[]file[>\]]/.test(flags);
      const takesValue = required || optional;
      return [{ long, short: short ?? undefined, description, takesValue, takesFile, choices: argChoices }];
    });

type ScriptWriter = (
  name: string,
  commands: readonly CommandWords[],
  globals: readonly OptionWords[],
) => readonly string[];

const bashScript: ScriptWriter = (name, commands, globals) => {
  const valued = [
    ...commands.flatMap((command) => command.options.map((option) => ({ command: command.name, option }))),
    ...globals.map((option) => ({ command: '*', option })),
  ].filter(({ option }) => option.takesValue);
  return [
    `# bash completion of ${name}: source it, or put it into /etc/bash_completion.d`,
    `_${name}() {`,
    '  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command= word',
    '  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do',
    `    case $word in ${commands.map((command) => command.name).join('|')}) command=$word; break ;; esac`,
    '  done',
    '  case "$command $previous" in',
    ...valued.map(({ command, option }) => {
      const names = [option.long, ...(option.short === undefined ? [] : [option.short])];
      const patterns = names.map((flag) => `${command === '*' ? '*' : command}" ${flag}"`).join('|');
      const words = option.takesFile ? '-f' : `-W '${option.choices.join(' ')}'`;
      return `    ${patterns}) COMPREPLY=($(compgen ${words} -- "$current")); return ;;`;
    }),
    '  esac',
    '  case $command in',
    ...commands.map((command) => {
      const words = [...command.choices, ...command.options.map(({ long }) => long)].join(' ');
      const files = command.takesFile ? ' -f' : '';
      return `    ${command.name}) COMPREPLY=($(compgen -W '${words} ${longs(globals)}'${files} -- "$current")) ;;`;
    }),
    `    *) COMPREPLY=($(compgen -W '${commands.map((one) => one.name).join(' ')} ${longs(globals)}' -- "$current")) ;;`,
    '  esac',
    '}',
    `complete -o filenames -F _${name} ${name}`,
  ];
};

const longs = (options: readonly OptionWords[]): string => options.map(({ long }) => long).join(' ');

const zshScript: ScriptWriter = (name, commands, globals) => {
  return [
    `#compdef ${name}`,
    `# zsh completion of ${name}: put it as _${name} into a directory of $fpath`,
    `_${name}() {`,
    '  local state line',
    '  local -a globals=(',
    ...globals.map((option) => `    ${zshOption(option)}`),
    '  )',
    "  _arguments -C $globals '1: :->command' '*:: :->arguments'",
    '  case $state in',
    '    command)',
    '      local -a commands=(',
    ...commands.map((command) => `        ${single(`${command.name}:${command.summary}`)}`),
    '      )',
    '      _describe command commands ;;',
    '    arguments)',
    '      case $line[1] in',
    ...commands.flatMap((command) => [
      `        ${command.name}) _arguments $globals \\`,
      ...command.options.map((option) => `          ${zshOption(option)} \\`),
      `          ${zshArgument(command)} ;;`,
    ]),
    '      esac ;;',
    '  esac',
    '}',
    // From $fpath the file is loaded as the body of the function, which is then to be called; sourced, it only defines it.
    `if [ "$funcstack[1]" = _${name} ]; then _${name} "$@"; else compdef _${name} ${name}; fi`,
  ];
};

function zshOption({ long, short, description, takesValue, takesFile, choices }: OptionWords): string {
  const text = description.replaceAll(/[[\]:]/g, String.raw`\$&`);
  const values = takesFile ? ':file:_files' : `:value:(${choices.join(' ')})`;
  const tail = `[${text}]${takesValue ? values : ''}`;
  if (short === undefined) return single(`${long}${tail}`);
  return `{${short},${long}}${single(tail)}`;
}

function zshArgument({ choices, takesFile }: CommandWords): string {
  if (choices.length > 0) return single(`1:argument:(${choices.join(' ')})`);
  return single(takesFile ? '1:file:_files' : '1: :');
}

const fishScript: ScriptWriter = (name, commands, globals) => {
  const line = (condition: string, option: OptionWords): string => {
    const short = option.short === undefined ? '' : ` -s ${option.short.slice(1)}`;
    const closed = option.takesFile ? ' -r' : ` -x -a '${option.choices.join(' ')}'`;
    const value = option.takesValue ? closed : '';
    return `complete -c ${name}${condition} -l ${option.long.slice(2)}${short}${value} -d ${single(option.description)}`;
  };
  return [
    `# fish completion of ${name}: put it into ~/.config/fish/completions/${name}.fish`,
    `complete -c ${name} -n __fish_use_subcommand -f`,
    ...commands.map(
      (command) =>
        `complete -c ${name} -n __fish_use_subcommand -a ${command.name} -d ${single(command.summary)}`,
    ),
    ...globals.map((option) => line('', option)),
    ...commands.flatMap((command) => {
      const condition = ` -n '__fish_seen_subcommand_from ${command.name}'`;
      const files = command.takesFile ? [] : [`complete -c ${name}${condition} -f`];
      const choices =
        command.choices.length > 0
          ? [`complete -c ${name}${condition} -a '${command.choices.join(' ')}'`]
          : [];
      return [...files, ...choices, ...command.options.map((option) => line(condition, option))];
    }),
  ];
};

/** In single quotes, for a shell; descriptions are ours, and hold no newline. */
const single = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
