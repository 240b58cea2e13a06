/**
 * Fills the templates of deploy/cluster: `${NAME}` becomes a value, as `envsubst` does it by hand. A name without a value
 * is an error, never an empty text. Pure.
 */

/** Values by the names in the templates. */
export type Values = Readonly<Record<string, string>>;

const PLACEHOLDER = /\$\{([A-Z][A-Z0-9_]*)\}/g;

/** Returns the names that a template needs, each once. */
export function namesIn(template: string): readonly string[] {
  return [...new Set([...template.matchAll(PLACEHOLDER)].map(([, name = '']) => name))];
}

/** Returns the template with all values filled in. Throws with the name that has no value. */
export function fillTemplate(template: string, values: Values): string {
  return template.replace(PLACEHOLDER, (_placeholder, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`the template needs ${name}`);
    return value;
  });
}

/** Returns the variables of an environment file: lines of `NAME=value`. Comments and empty lines are left out. */
export function readEnvironment(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => /^[A-Z_]+=/.test(line));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}
