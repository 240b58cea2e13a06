/** The values of a form for a draft, as people type them, and as the API takes them. Pure. */
import type { Dependency, ModuleUse } from './answers';

/** The part of a draft that Actions and modules have alike. */
export interface CodeValues extends Record<string, unknown> {
  readonly code: string;
  /** `name@version`. */
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

/** `name@version` in its parts; without a version where none was typed. */
export function splitVersion(text: string): { readonly name: string; readonly version: string | undefined } {
  const at = text.lastIndexOf('@');
  return at > 0 ? { name: text.slice(0, at), version: text.slice(at + 1) } : { name: text, version: undefined };
}

/** A package as it is typed: `axios`, `axios@1.7.9`, `@okta/jwt@2`. */
export function toDependency(text: string): Dependency {
  const { name, version = 'latest' } = splitVersion(text);
  return { name, version };
}

/** The fields that changed, as both kinds of a draft take them. */
export const toCodeBody = ({ code, packages }: Partial<CodeValues>) => ({
  ...(code !== undefined && { code }),
  ...(packages !== undefined && { dependencies: packages.map(toDependency) }),
});

/** A module of an Action with its version: `plans@1`. */
export const toModuleText = ({ module_name: name, module_version_number: number }: ModuleUse): string =>
  `${name}@${number}`;

/** The same as the API takes it. */
export function toModuleBody(text: string): { readonly module_name: string; readonly module_version_number: number } {
  const { name, version } = splitVersion(text);
  return { module_name: name, module_version_number: Number(version) };
}
