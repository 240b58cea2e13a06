/** Converts a draft between the values of a form and the API's form. Pure. */
import type { Dependency, ModuleUse } from './answers';

/** The values of a draft's form that Actions and modules share. */
export interface CodeValues extends Record<string, unknown> {
  readonly code: string;
  /** The packages, each as `name@version`. */
  readonly packages: readonly string[];
}

interface Source {
  readonly code: string;
  readonly dependencies: readonly Dependency[];
}

export const toCodeValues = ({ code, dependencies }: Source): CodeValues => ({
  code,
  packages: dependencies.map((one) => `${one.name}@${one.version}`),
});

/** Splits `name@version`; the version is undefined where none was typed. */
export function splitVersion(text: string): { readonly name: string; readonly version: string | undefined } {
  const at = text.lastIndexOf('@');
  return at > 0 ? { name: text.slice(0, at), version: text.slice(at + 1) } : { name: text, version: undefined };
}

/** Parses a typed package: `axios`, `axios@1.7.9`, `@okta/jwt@2`. */
export function toDependency(text: string): Dependency {
  const { name, version = 'latest' } = splitVersion(text);
  return { name, version };
}

/** Returns the changed fields in the API's form for both kinds of draft. */
export const toCodeBody = ({ code, packages }: Partial<CodeValues>) => ({
  ...(code !== undefined && { code }),
  ...(packages !== undefined && { dependencies: packages.map(toDependency) }),
});

/** Formats a module of an Action with its version: `plans@1`. */
export const toModuleText = ({ module_name: name, module_version_number: number }: ModuleUse): string =>
  `${name}@${number}`;

/** Converts a module's choice such as `plans@1` to the API's form. */
export function toModuleBody(text: string): { readonly module_name: string; readonly module_version_number: number } {
  const { name, version } = splitVersion(text);
  return { module_name: name, module_version_number: Number(version) };
}
