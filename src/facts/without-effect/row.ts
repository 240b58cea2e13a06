/** The row of a setting of Auth0's that does nothing here. Only data. Must import nothing: the console reads it too. */

export interface SettingRow {
  /** Path of the resource in the Management API. The row also holds for one item of it (`/clients/{id}`). */
  readonly at: string;
  /** Path of the property in the body of a write. The row holds for everything below it. */
  readonly property: string;
  /** Strategies of the connections that the row is about; all when absent. */
  readonly strategies?: readonly string[];
  /** `without_effect`: stored and shown, nothing else. `refused`: a write that asks for it is 400. */
  readonly is: 'without_effect' | 'refused';
  /** One sentence: the reason, or what does its work here. */
  readonly because: string;
  /** Values that ask for nothing, because the server behaves like that anyway. Without them: `false` and empty ones. */
  readonly usual?: readonly unknown[];
  /** True where the setting promises a protection: `doctor` and the console warn when it is set. */
  readonly promises?: true;
}

/** The sentence about a token quota that is not enforced, for each setting that may have one. */
export const NOT_ENFORCED = 'A quota that is not enforced counts nothing, and no line of the log tells of it.';

/** The facts of a row besides its place: the sentence alone, or more. */
export type Facts = string | Omit<SettingRow, 'at' | 'property' | 'is'>;

const toFacts = (facts: Facts) => (typeof facts === 'string' ? { because: facts } : facts);

/** Makes rows of settings without effect. One key may name several properties, separated by spaces. */
export function withoutEffect(at: string, facts: Readonly<Record<string, Facts>>): readonly SettingRow[] {
  return Object.entries(facts).flatMap(([names, one]) =>
    names.split(' ').map((property) => ({ at, property, is: 'without_effect' as const, ...toFacts(one) })),
  );
}

/** Makes rows of settings that a write may not ask for. */
export function refused(at: string, facts: Readonly<Record<string, Facts>>): readonly SettingRow[] {
  return withoutEffect(at, facts).map((row) => ({ ...row, is: 'refused' as const }));
}

/** Marks the sentence of a setting that promises a protection. */
export const promise = (because: string, usual?: readonly unknown[]): Facts => ({
  because,
  promises: true,
  ...(usual === undefined ? {} : { usual }),
});

/** Names the values that ask for nothing. */
export const unless = (usual: readonly unknown[], because: string): Facts => ({ because, usual });
