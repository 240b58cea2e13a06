/** The fields of a draft's form, and their form in the API. Pure. */
import type { FieldsOf } from '../../parts/form-fields';
import type { Dependency, ModuleUse } from './answers';

/** The values of a draft's form that Actions and modules share. */
export type CodeValues = {
  readonly code: string;
  /** The packages, each as `name@version`. */
  readonly packages: readonly string[];
};

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

/** The fields that Actions and modules share; the page draws the editor. */
export const CODE_FIELDS: FieldsOf<CodeValues> = {
  code: { kind: 'own', label: 'Code' },
  packages: {
    kind: 'tags',
    label: 'Packages',
    at: 'dependencies',
    description: 'Only packages that come with this server. Type name@version and press Enter.',
    read: (stored) => (stored as readonly Dependency[]).map(({ name, version }) => `${name}@${version}`),
    write: (packages) => packages.map(toDependency),
    maxTags: 10,
  },
};

/** Formats a module of an Action with its version: `plans@1`. */
export const toModuleText = ({ module_name: name, module_version_number: number }: ModuleUse): string =>
  `${name}@${number}`;

/** Converts a module's choice such as `plans@1` to the API's form. */
export function toModuleBody(text: string): { readonly module_name: string; readonly module_version_number: number } {
  const { name, version } = splitVersion(text);
  return { module_name: name, module_version_number: Number(version) };
}
