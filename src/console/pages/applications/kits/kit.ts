/** The form of ready code for one library. Pure; never includes secrets. */
import type { AppType } from '../answers.js';

/** The values that code needs. */
export interface CodeFacts {
  /** Origin of this server, without a slash. */
  readonly origin: string;
  readonly clientId: string;
  /** Callback address. */
  readonly callback: string;
  /** The API for which a machine requests tokens. */
  readonly audience: string;
}

export interface CodeFile {
  readonly name: string;
  readonly text: string;
}

/** The addresses that the application's settings need for the code. */
export interface CodeAddresses {
  readonly callback: string;
  /** Destination after a sign-out. */
  readonly logout: string;
  /** Target of invitation links. */
  readonly login: string;
  /** For a page that renews its tokens in a hidden frame; without it, a reload signs people out. */
  readonly origin?: string;
}

export interface Kit {
  readonly name: string;
  /** Kinds of applications for which it can be used. */
  readonly kinds: readonly AppType[];
  /**
   * Versions with which the printed code was run; docs/auth0-compatibility.md says when and how. Undefined where
   * nothing is run.
   */
  readonly tried: string | undefined;
  /** Suggested path of the callback. */
  readonly callbackPath: string;
  /** True where the library accepts no other path. */
  readonly isCallbackFixed: boolean;
  /** Undefined where nobody signs in. */
  addresses(facts: CodeFacts): CodeAddresses | undefined;
  /** Commands before the files are created; '' for none. */
  install(facts: CodeFacts): string;
  files(facts: CodeFacts): readonly CodeFile[];
  /** Commands afterwards, in the same folder; '' for none. */
  start(facts: CodeFacts): string;
  /** Values to enter elsewhere, where there is no code. */
  values(facts: CodeFacts): readonly (readonly [name: string, value: string])[];
}

/** Returns the application's origin. */
export const baseOf = ({ callback }: CodeFacts): string => new URL(callback).origin;

export const pathOf = ({ callback }: CodeFacts): string => new URL(callback).pathname;

/** Returns the port of the application during development. */
export const portOf = (facts: CodeFacts): string => new URL(baseOf(facts)).port || '3000';

/** The two secrets of an application on a server, for its reader to fill in. */
export const ENVIRONMENT = `# From the page of the application's credentials.
CLIENT_SECRET=
# openssl rand -hex 32
COOKIE_SECRET=
`;
