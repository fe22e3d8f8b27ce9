// Writes what the commands' own help says in the forms a host expects: a manual page for each command (mdoc) and completion
// for bash. The tree of commands is the one the program runs, so neither can fall behind it.
'use strict';

const path = require('path');

const root = path.join(__dirname, '..');

/** What the manual page of the program says about the environment. */
const ENVIRONMENT = [
  ['LOGWEIR_API', 'the server that client commands talk to'],
  ['LOGWEIR_TOKEN', 'the token that they send'],
  ['LOGWEIR_CONFIG', 'the file with settings of the service'],
  ['LOGWEIR_*', 'each setting: http.bind is LOGWEIR_HTTP_BIND, and so on'],
  ['NO_COLOR', 'when set, there are no colours on a terminal either'],
];
/** And about exit codes (src/cli/exit-code.ts). */
const EXIT_STATUS = [
  [0, 'done'],
  [1, 'failed'],
  [2, 'used wrongly'],
  [3, 'no server there, or it cannot answer now: a later attempt may work'],
  [4, 'not logged in, or not allowed'],
  [5, 'no such thing'],
  [6, 'there already, or changed by somebody else'],
  [78, 'the configuration cannot be used'],
];

/** The tree of commands of the built program. */
function loadProgram() {
  const { createProgram } = require(path.join(root, 'dist', 'cli', 'run.js'));
  const nowhere = { write: () => true };
  const io = { stdin: process.stdin, stdout: nowhere, stderr: nowhere, env: {}, cwd: root };
  return createProgram(io, () => undefined);
}

/** The program and all commands below it, each with the names that lead to it. */
function listCommands(program) {
  const commands = [];
  const visit = (command, names) => {
    commands.push({ command, names });
    for (const child of command.commands) visit(child, names.concat(child.name()));
  };
  visit(program, [program.name()]);
  return commands;
}

/** Manual pages by file name: logweir.1, logweir-serve.1, logweir-token-create.1, ... */
function manualPages(program, { version, date }) {
  const pages = new Map();
  const commands = listCommands(program);
  for (const { command, names } of commands) {
    pages.set(`${names.join('-')}.1`, manualPage(command, names, commands, { version, date }));
  }
  return pages;
}

function manualPage(command, names, commands, { version, date }) {
  const title = names.join('-');
  const lines = [
    `.Dd ${date.toLocaleDateString('en-US', { timeZone: 'UTC', month: 'long', day: 'numeric', year: 'numeric' })}`,
    `.Dt ${title.toUpperCase()} 1`,
    `.Os Logweir ${version}`,
    '.Sh NAME',
    `.Nm ${title}`,
    `.Nd ${roff(command.description().split('\n')[0].replace(/\.$/, ''))}`,
    '.Sh SYNOPSIS',
    `.Nm ${names.join(' ')}`,
  ];
  const options = command.createHelp().visibleOptions(command);
  if (options.length > 0) lines.push('.Op Ar option ...');
  for (const argument of command.registeredArguments) {
    const name = `${argument.name()}${argument.variadic ? ' ...' : ''}`;
    lines.push(argument.required ? `.Ar ${roff(name)}` : `.Op Ar ${roff(name)}`);
  }
  if (command.commands.length > 0) lines.push('.Ar command', '.Op Ar argument ...');
  lines.push('.Sh DESCRIPTION', ...paragraphs(command.description()));
  if (command.registeredArguments.some((argument) => argument.description)) {
    lines.push('.Pp', 'Arguments:', '.Bl -tag -width Ds');
    for (const argument of command.registeredArguments) {
      lines.push(`.It Ar ${roff(argument.name())}`, ...paragraphs(argument.description));
    }
    lines.push('.El');
  }
  if (options.length > 0) {
    lines.push('.Pp', 'Options:', '.Bl -tag -width Ds');
    for (const option of options) {
      lines.push(`.It Li ${quoted(option.flags)}`, ...paragraphs(optionText(option)));
    }
    lines.push('.El');
  }
  if (command.commands.length > 0) {
    lines.push('.Pp', 'Commands:', '.Bl -tag -width Ds');
    for (const child of command.commands) {
      lines.push(`.It Xr ${title}-${child.name()} 1`, ...paragraphs(child.description()));
    }
    lines.push('.El');
  }
  if (names.length === 1) {
    lines.push('.Sh ENVIRONMENT', '.Bl -tag -width Ds');
    for (const [variable, text] of ENVIRONMENT) lines.push(`.It Ev ${variable}`, roff(text));
    lines.push('.El');
    lines.push('.Sh FILES', '.Bl -tag -width Ds');
    lines.push('.It Pa /etc/logweir/logweir.yaml', 'Settings of the service; each is described there.');
    lines.push('.It Pa /var/lib/logweir', "The service's data.");
    lines.push('.It Pa ~/.config/logweir/credentials.json', 'Tokens that a login saved.', '.El');
    lines.push('.Sh EXIT STATUS', '.Bl -tag -width Ds');
    for (const [code, text] of EXIT_STATUS) lines.push(`.It ${code}`, roff(text));
    lines.push('.El');
  }
  const parent = names.slice(0, -1).join('-');
  const others = commands
    .filter((other) => other.names.length === names.length && other.names.slice(0, -1).join('-') === parent)
    .map((other) => other.names.join('-'))
    .filter((name) => name !== title);
  const related = (parent === '' ? [] : [parent]).concat(others);
  if (related.length > 0) {
    lines.push('.Sh SEE ALSO');
    related.sort().forEach((name, i) => lines.push(`.Xr ${name} 1${i < related.length - 1 ? ' ,' : ''}`));
  }
  return `${lines.join('\n')}\n`;
}

function optionText(option) {
  const parts = [option.description || ''];
  if (option.argChoices) parts.push(`(one of: ${option.argChoices.join(', ')})`);
  const value = option.defaultValue;
  const plain = typeof value === 'string' || typeof value === 'number';
  if (plain && value !== '') parts.push(`(default: ${option.defaultValueDescription || value})`);
  return parts.join(' ').trim();
}

/** Lines of running text; empty ones part paragraphs. */
function paragraphs(text) {
  return (text || '').split('\n').map((line) => (line.trim() === '' ? '.Pp' : roff(line.trim())));
}

/** Text in which nothing is a request or an escape. */
function roff(text) {
  const escaped = text.replace(/\\/g, '\\e').replace(/-/g, '\\-');
  return /^[.']/.test(escaped) ? `\\&${escaped}` : escaped;
}

/** Text as one argument of a macro. */
function quoted(text) {
  return `"${roff(text).replace(/"/g, '""')}"`;
}

/**
 * Completion for bash: sub-commands, flags and words that are allowed as values, of the command that has been typed so far;
 * files for everything else.
 */
function bashCompletion(program) {
  const cases = listCommands(program).map(({ command, names }) => {
    const words = command.commands.map((child) => child.name());
    const flags = command.createHelp().visibleOptions(command);
    const long = flags.map((option) => option.long || option.short);
    const withValue = flags
      .filter((option) => option.required || option.optional)
      .flatMap((option) => [option.short, option.long])
      .filter(Boolean);
    const choices = flags
      .filter((option) => option.argChoices)
      .map((option) => `${option.long}=${option.argChoices.join(',')}`);
    for (const argument of command.registeredArguments) words.push(...(argument.argChoices || []));
    const key = names.slice(1).join(' ');
    const sets = { words, flags: long, valued: withValue, choices };
    const assignments = Object.entries(sets).map(([name, list]) => `${name}='${list.join(' ')}'`);
    return `    '${key}') ${assignments.join(' ')} ;;`;
  });
  return `# Completion of logweir for bash.
_logweir_table() {
  case $1 in
${cases.join('\n')}
    *) return 1 ;;
  esac
}

_logweir() {
  local current=\${COMP_WORDS[COMP_CWORD]} path='' flag='' word words flags valued choices i
  COMPREPLY=()
  _logweir_table ''
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ -n $flag ]]; then flag=''; continue; fi
    case $word in
      -*) [[ " $valued " == *" $word "* ]] && flag=$word ;;
      *) if [[ " $words " == *" $word "* ]]; then path="\${path:+$path }$word"; _logweir_table "$path"; fi ;;
    esac
  done
  if [[ -n $flag ]]; then
    word=" $choices"
    if [[ $word == *" $flag="* ]]; then
      word=\${word#*" $flag="}
      word=\${word%% *}
      mapfile -t COMPREPLY < <(compgen -W "\${word//,/ }" -- "$current")
    else
      compopt -o default
    fi
  elif [[ $current == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$flags" -- "$current")
  elif [[ -n $words ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  else
    compopt -o default
  fi
}

complete -F _logweir logweir
`;
}

module.exports = { bashCompletion, loadProgram, manualPages };
