/**
 * Writes the completion of bash: static, so that a TAB starts no process, and runs nothing of what was typed. Works
 * without the package bash-completion, and with the bash 3.2 of macOS.
 */
import type { CompletedCommand, Value } from './tree.js';

const wordsOf = (value: Value | undefined) => (typeof value === 'object' ? value.words.join(' ') : '');

/** Writes the lines of the first `case`, one for each set of values: what may follow an option that takes one. */
function toValueLines(commands: readonly CompletedCommand[]): readonly string[] {
  const places = new Map<string, string[]>();
  for (const { words, options } of commands)
    for (const { name, value } of options) {
      if (value === undefined) continue;
      const does = value === 'file' ? 'return' : `_vestibule_offer '${wordsOf(value)}'; return`;
      places.set(does, [...(places.get(does) ?? []), `'${words}:${name}'`]);
    }
  return [...places].map(([does, where]) => `    ${where.join(' | ')}) ${does} ;;`);
}

/** Writes a line of the second `case`: what a command takes. An option is offered where nothing else could stand. */
function toCommandLine({ words, commands, options, arguments: args }: CompletedCommand): string {
  const names = options.map(({ name }) => name).join(' ');
  const first = args[0]?.value;
  const offered = commands.map(({ name }) => name).join(' ') || wordsOf(first);
  const plain = first === 'file' ? ':' : `_vestibule_offer '${offered || names}'`;
  return `    '${words}') if [[ $current == -* ]]; then _vestibule_offer '${names}'; else ${plain}; fi ;;`;
}

/** Writes the script that bash sources. Quotes nothing: all names are letters, digits and dashes (tested). */
export function writeBash(commands: readonly CompletedCommand[]): string {
  const paths = commands.filter(({ words }) => words !== '').map(({ words }) => `'${words}'`);
  return `# Completion of vestibule for bash. To use it: source <(vestibule completion bash)
# Returning without words completes names of files, except after _vestibule_offer.

_vestibule_offer() {
  compopt +o default 2>/dev/null
  COMPREPLY=($(compgen -W "$1" -- "$current"))
}

_vestibule() {
  local at= next word i current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]}
  COMPREPLY=()
  # Bash makes three words of --option=value.
  if [[ $current == = ]]; then current=
  elif [[ $before == = ]]; then before=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    next="\${at:+$at }\${COMP_WORDS[i]}"
    case $next in
    ${paths.join(' | ')}) at=$next ;;
    esac
  done
  case "$at:$before" in
${toValueLines(commands).join('\n')}
  esac
  case $at in
${commands.map(toCommandLine).join('\n')}
  esac
}

complete -o default -F _vestibule vestibule`;
}
