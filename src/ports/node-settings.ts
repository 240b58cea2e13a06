/**
 * The settings of a running node, as its operators may see them (`GET /server/settings`). Has no place for the value of
 * a secret: only whether it is set.
 */

/** A variable of docs/configuration.md with its value (the default if unset), or whether a secret one is set. */
export type EnvironmentVariable =
  | { readonly name: string; readonly value: string | number | readonly string[] | undefined }
  | { readonly name: string; readonly isSet: boolean };

/** The settings of one node that operators may see. */
export interface NodeSettings {
  readonly version: string;
  /** Name of the machine. */
  readonly node: string;
  readonly startedAt: Date;
  readonly variables: readonly EnvironmentVariable[];
}
