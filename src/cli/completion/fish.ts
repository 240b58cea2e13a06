/** Writes the completion of fish: one line for each command, option and value. Runs nothing of what was typed. */
import type { CompletedCommand, CompletedOption, Value } from './tree.js';

/** Puts a text between single quotes, as fish reads it. */
const quote = (text: string) => `'${text.replace(/[\\']/g, '\\$&')}'`;

function toTaking(value: Value | undefined): string {
  if (value === undefined) return '';
  if (value === 'file') return ' -r -F';
  return value === 'text' ? ' -x' : ` -x -a ${quote(value.words.join(' '))}`;
}

function toLines({ words, commands, options, arguments: args }: CompletedCommand): readonly string[] {
  const start = `complete -c vestibule -n ${quote(`_vestibule_at ${quote(words)}`)}`;
  const toOption = ({ name, about, value }: CompletedOption) =>
    `${start} -l ${name.slice(2)}${toTaking(value)} -d ${quote(about)}`;
  const first = args[0]?.value;
  const places = first === 'file' ? [`${start} -F`] : [];
  return [
    ...commands.map(({ name, about }) => `${start} -a ${quote(name)} -d ${quote(about)}`),
    ...(typeof first === 'object' ? [`${start} -a ${quote(first.words.join(' '))}`] : places),
    ...options.map(toOption),
  ];
}

/** Writes the script that fish sources. */
export function writeFish(commands: readonly CompletedCommand[]): string {
  const paths = commands.filter(({ words }) => words !== '').map(({ words }) => quote(words));
  return `# Completion of vestibule for fish. To use it: vestibule completion fish | source

# True where the words before the cursor name this command.
function _vestibule_at
    set -l at
    for word in (commandline -opc)[2..-1]
        set -l next (string join ' ' -- $at $word)
        if contains -- "$next" ${paths.join(' ')}
            set at $next
        end
    end
    test "$at" = "$argv"
end

complete -c vestibule -e
complete -c vestibule -f
${commands.flatMap(toLines).join('\n')}`;
}
