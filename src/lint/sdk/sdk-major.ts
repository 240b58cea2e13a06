/**
 * The shape of the files beside this one, which `scripts/sdk-methods.ts` writes. Text instead of objects keeps one resource
 * on one line, so that a new release of the package is a readable difference.
 */
export interface SdkMajor {
  /** The release that was read. */
  readonly version: string;
  /** Names that `require('auth0')` gives, parted by blanks. */
  readonly exported: string;
  /** Class, then path of a resource (`organizations.members`), then `name VERB /path, name VERB /path`; `-` is no request. */
  readonly clients: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The majors of the `auth0` package that the linter knows. */
export const SDK_MAJORS = [3, 4, 5, 6, 7] as const;
export type Major = (typeof SDK_MAJORS)[number];
