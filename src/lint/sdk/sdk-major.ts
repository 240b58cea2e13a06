/**
 * The form of the files beside this one, which `scripts/sdk-methods.ts` writes from the packages: never edit
 * them. Text instead of objects keeps a resource on one line, so that a new release gives a readable diff.
 */
export interface SdkMajor {
  /** Release of the package that was read, such as `4.37.1`. */
  readonly version: string;
  /** Exports of `require('auth0')`, separated by spaces. */
  readonly exported: string;
  /**
   * Calls by class and path of a resource (`organizations.members`): `name VERB /path, name VERB /path`; `-` marks a
   * call that is not a single request.
   */
  readonly clients: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Majors of the `auth0` package that the linter knows. */
export const SDK_MAJORS = [3, 4, 5, 6, 7] as const;
export type Major = (typeof SDK_MAJORS)[number];
