/** The shape of ready code for one library. Pure; secrets are never part of it. */
import type { AppType } from '../answers.js';

/** The values that code needs. */
export interface CodeFacts {
  /** Origin of this server, without a slash. */
  readonly origin: string;
  readonly clientId: string;
  /** Where people come back to. */
  readonly callback: string;
  /** The API that a machine asks tokens for. */
  readonly audience: string;
}

export interface CodeFile {
  readonly name: string;
  readonly text: string;
}

/** The addresses that the application's settings must have for the code. */
export interface CodeAddresses {
  readonly callback: string;
  /** Where people are sent after a sign-out. */
  readonly logout: string;
  /** Where links of invitations lead. */
  readonly login: string;
  /** For a page that renews its tokens in a hidden frame, without which a reload signs people out. */
  readonly origin?: string;
}

export interface Kit {
  readonly name: string;
  /** Kinds of applications that it is for. */
  readonly kinds: readonly AppType[];
  /** The versions with which it was run as it is printed; docs/compatibility/tools.md says when and how. Undefined where nothing is to be run. */
  readonly tried: string | undefined;
  /** The path of the callback that is proposed. */
  readonly callbackPath: string;
  /** True where the library takes no other path. */
  readonly isCallbackFixed: boolean;
  /** Undefined where nobody signs in. */
  addresses(facts: CodeFacts): CodeAddresses | undefined;
  /** The commands before the files are there; '' for none. */
  install(facts: CodeFacts): string;
  files(facts: CodeFacts): readonly CodeFile[];
  /** The commands afterwards, in the same folder; '' for none. */
  start(facts: CodeFacts): string;
  /** Values to be entered elsewhere, where there is no code. */
  values(facts: CodeFacts): readonly (readonly [name: string, value: string])[];
}

/** Origin of the application. */
export const baseOf = ({ callback }: CodeFacts): string => new URL(callback).origin;

/** Path of the callback. */
export const pathOf = ({ callback }: CodeFacts): string => new URL(callback).pathname;

/** The port that the application listens at while it is developed. */
export const portOf = (facts: CodeFacts): string => new URL(baseOf(facts)).port || '3000';

/** The two secrets of an application that runs on a server, to be filled in by its reader. */
export const ENVIRONMENT = `# From the page of the application's credentials.
CLIENT_SECRET=
# openssl rand -hex 32
COOKIE_SECRET=
`;
