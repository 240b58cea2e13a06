/**
 * Writes the completion of zsh, for its own function `_arguments`, which knows options, values and files. Runs nothing
 * of what was typed.
 */
import type { CompletedCommand, CompletedOption, Value } from './tree.js';

/** Puts a text between single quotes, as the shell reads it. */
const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
/** Escapes what `_arguments` would read as its own. */
const escapeSpec = (text: string) => text.replace(/[\\:[\]]/g, '\\$&');

function toAction(value: Value): string {
  if (value === 'file') return '_files';
  return value === 'text' ? ' ' : `(${value.words.join(' ')})`;
}

function toOptionWord({ name, about, value, isRepeatable }: CompletedOption): string {
  const takes = value === undefined ? '' : `:${escapeSpec(name.slice(2))}:${toAction(value)}`;
  return quote(`${isRepeatable ? '*' : ''}${name}${value === undefined ? '' : '='}[${escapeSpec(about)}]${takes}`);
}

function toCase({ words, commands, options, arguments: args }: CompletedCommand): string {
  const listed = commands.map(({ name, about }) => `${name}\\:"${escapeSpec(about).replace(/["$`]/g, '\\$&')}"`);
  const places = args.map(({ name, value }, at) => quote(`${at + 1}:${escapeSpec(name)}:${toAction(value)}`));
  const below = listed.length === 0 ? [] : [quote(`1:command:((${listed.join(' ')}))`)];
  const specs = [...options.map(toOptionWord), ...below, ...places].map((spec) => `      ${spec}`);
  return `    ${quote(words)}) _arguments \\\n${specs.join(' \\\n')} ;;`;
}

/** Writes the script that zsh sources, or finds as a file `_vestibule`. */
export function writeZsh(commands: readonly CompletedCommand[]): string {
  const paths = commands.filter(({ words }) => words !== '').map(({ words }) => quote(words));
  return `#compdef vestibule
# Completion of vestibule for zsh. To use it: source <(vestibule completion zsh), after compinit.

_vestibule() {
  local at= next
  integer i last=1
  for ((i = 2; i < CURRENT; i++)); do
    next="\${at:+$at }\${words[i]}"
    case $next in
    ${paths.join(' | ')}) at=$next last=$i ;;
    esac
  done
  # From here on the command is the first word, and its arguments are counted from it.
  shift $((last - 1)) words
  ((CURRENT -= last - 1))
  case $at in
${commands.map(toCase).join('\n')}
  esac
}

if [[ \${funcstack[1]} == _vestibule ]]; then _vestibule "$@"; else compdef _vestibule vestibule; fi`;
}
