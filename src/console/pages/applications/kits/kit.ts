/** The form of ready code for one library. Pure; never includes secrets. */
import type { OfferedType } from '../answers.js';

/** The values of an application that its code contains. */
export interface CodeFacts {
  /** Origin of this server, without a slash at the end. */
  readonly origin: string;
  readonly clientId: string;
  /** The application's callback address. */
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
  /** Address to which people return after a sign-out. */
  readonly logout: string;
  /** Address to which invitation links lead. */
  readonly login: string;
  /** Allowed origin of a page that renews its tokens in a hidden frame; without it, a reload signs people out. */
  readonly origin?: string;
}

export interface Kit {
  readonly name: string;
  /** Kinds of applications that can use the kit. */
  readonly kinds: readonly OfferedType[];
  /**
   * Versions with which the printed code was run; docs/auth0-compatibility.md says when and how. Undefined where
   * nothing is run.
   */
  readonly tried: string | undefined;
  /** Path that the kit suggests for the callback. */
  readonly callbackPath: string;
  /** True where the kit's library accepts no other callback path. */
  readonly isCallbackFixed: boolean;
  /** Returns the addresses that the application must register; undefined where nobody signs in. */
  addresses(facts: CodeFacts): CodeAddresses | undefined;
  /** Returns the commands to run before the files are created; '' for none. */
  install(facts: CodeFacts): string;
  files(facts: CodeFacts): readonly CodeFile[];
  /** Returns the commands to run after the files are created, in the same folder; '' for none. */
  start(facts: CodeFacts): string;
  /** Returns values to enter elsewhere, for kits without code. */
  values(facts: CodeFacts): readonly (readonly [name: string, value: string])[];
}

/** Returns the origin of the application. */
export const baseOf = ({ callback }: CodeFacts): string => new URL(callback).origin;

export const pathOf = ({ callback }: CodeFacts): string => new URL(callback).pathname;

/** Returns the port on which the application listens during development. */
export const portOf = (facts: CodeFacts): string => new URL(baseOf(facts)).port || '3000';

/** The two secrets of an application on a server, for its reader to fill in. */
export const ENVIRONMENT = `# From the page of the application's credentials.
CLIENT_SECRET=
# openssl rand -hex 32
COOKIE_SECRET=
`;
