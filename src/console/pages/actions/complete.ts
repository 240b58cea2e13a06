/**
 * Completes `event.…` and `api.…` in the code of an Action: the properties and methods of its trigger, and the names of
 * its secrets. Knows names alone, so it completes a name also where an event may lack the value. Pure.
 */
import { ACTION_NAMES } from '../../../facts/action-names.js';

/** The trigger and the secrets by which the code editor completes names. */
export interface Names {
  readonly trigger: string;
  readonly secrets: readonly string[];
}

export interface Completion {
  readonly label: string;
  readonly type: 'property' | 'method' | 'namespace';
}

/** `event` or `api`, with the names up to the last point, and the beginning of a name. */
const PATH = /(?<![\w.$])(event|api)\??((?:\.\w+\??)*)\.(\w*)$/;

interface Asked {
  readonly root: 'event' | 'api';
  /** The names between root and the last point: `user.`, or an empty text. */
  readonly inside: string;
  /** Number of letters that were typed after the last point. */
  readonly typed: number;
}

/**
 * Reads which name is being typed at the end of a text. Returns undefined if the text does not end with `event.…` or
 * `api.…`.
 */
export function readAsked(text: string): Asked | undefined {
  const [whole, root, between = '', typed = ''] = PATH.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const names = between
    .replaceAll('?', '')
    .split('.')
    .filter((name) => name !== '');
  return { root: root as Asked['root'], inside: names.map((name) => `${name}.`).join(''), typed: typed.length };
}

/** Lists the names that may follow, each once, sorted. Empty for an unknown trigger or place. */
export function listNames({ trigger, secrets }: Names, { root, inside }: Asked): readonly Completion[] {
  const known = Object.hasOwn(ACTION_NAMES, trigger) ? ACTION_NAMES[trigger] : undefined;
  const paths = (known?.[root] ?? []).flatMap((line) => line.split(' '));
  const all = root === 'event' ? [...paths, ...secrets.map((name) => `secrets.${name}`)] : paths;
  const found = new Map<string, Completion['type']>();
  for (const path of all.filter((one) => one.startsWith(inside))) {
    const [label = '', ...rest] = path.slice(inside.length).split('.');
    if (rest.length > 0) found.set(label, root === 'api' ? 'namespace' : 'property');
    else if (!found.has(label)) found.set(label, root === 'api' && inside !== '' ? 'method' : 'property');
  }
  return [...found].map(([label, type]) => ({ label, type })).sort((a, b) => (a.label < b.label ? -1 : 1));
}
