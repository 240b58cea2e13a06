/**
 * The settings of a running node, as those may see them who run it (`GET /server/settings`). Has no place for the value of a secret: of such a
 * variable it knows only whether it is set.
 */

/** A variable of docs/configuration.md, with the value in force (the default, where it is not set), or whether a secret one is set. */
export type EnvironmentVariable =
  | { readonly name: string; readonly value: string | number | readonly string[] | undefined }
  | { readonly name: string; readonly isSet: boolean };

/** A node, as those may know it who run it. */
export interface NodeSettings {
  readonly version: string;
  /** Name of the machine. */
  readonly node: string;
  readonly startedAt: Date;
  readonly variables: readonly EnvironmentVariable[];
}
