/** The type of a kit: ready code of an application for one library. Pure; a kit never includes secrets. */
import type { OfferedType } from '../answers.js';

/** The values of an application that are inserted into its code. */
export interface CodeFacts {
  /** Origin of this server, without a slash at the end. */
  readonly origin: string;
  readonly clientId: string;
  /** The application's callback address. */
  readonly callback: string;
  /** Identifier of the API for which a machine requests tokens. */
  readonly audience: string;
}

export interface CodeFile {
  readonly name: string;
  readonly text: string;
}

/** The addresses that must be registered in the application's settings for the code to work. */
export interface CodeAddresses {
  readonly callback: string;
  /** Address to which people return after a sign-out. */
  readonly logout: string;
  /** Address to which invitation links lead. */
  readonly login: string;
  /**
   * Origin of a single-page application, which renews its tokens in a hidden frame. If it is not registered, a reload
   * of the page signs people out.
   */
  readonly origin?: string;
}

export interface Kit {
  readonly name: string;
  /** Kinds of applications that can use the kit. */
  readonly kinds: readonly OfferedType[];
  /**
   * Versions with which the printed code was run; docs/compatibility/tools.md says when and how. Undefined if the kit
   * has no code to run.
   */
  readonly tried: string | undefined;
  /** Path of the callback if the application has not registered a suitable one. */
  readonly callbackPath: string;
  /** True if the kit's library accepts no other path of the callback. */
  readonly isCallbackFixed: boolean;
  /** Returns the addresses to register in the application's settings; undefined if nobody signs in. */
  addresses(facts: CodeFacts): CodeAddresses | undefined;
  /** Returns the commands to run before the files are created; '' for none. */
  install(facts: CodeFacts): string;
  files(facts: CodeFacts): readonly CodeFile[];
  /** Returns the commands to run after the files are created, in the same folder; '' for none. */
  start(facts: CodeFacts): string;
  /** Returns names and values to enter into a library by hand, for the kit without code. */
  values(facts: CodeFacts): readonly (readonly [name: string, value: string])[];
}

/**
 * Returns the server's address as auth0-spa-js takes it. Behind https it is the host alone: the library's client of the MFA
 * API puts `https://` before it, whatever it is.
 */
export const domainOf = ({ origin }: CodeFacts): string => origin.replace(/^https:\/\//, '');

/** Returns the origin of the application. */
export const baseOf = ({ callback }: CodeFacts): string => new URL(callback).origin;

export const pathOf = ({ callback }: CodeFacts): string => new URL(callback).pathname;

/** Returns the port on which the application listens during development, taken from its callback. */
export const portOf = (facts: CodeFacts): string => new URL(baseOf(facts)).port || '3000';

/** The part that the kits for single-page applications built by Vite share. */
export const VITE: Pick<Kit, 'kinds' | 'callbackPath' | 'isCallbackFixed' | 'addresses' | 'start' | 'values'> = {
  kinds: ['spa'],
  callbackPath: '/',
  isCallbackFixed: false,
  addresses: (facts) => ({
    callback: facts.callback,
    logout: baseOf(facts),
    login: facts.callback,
    origin: baseOf(facts),
  }),
  start: (facts) => `cd my-app\nnpx vite --host localhost --port ${portOf(facts)} --strictPort`,
  values: () => [],
};

/** Text of the file `.env` of an application on a server: two secrets that the reader of the code fills in. */
export const ENVIRONMENT = `# From the page of the application's credentials.
CLIENT_SECRET=
# openssl rand -hex 32
COOKIE_SECRET=
`;
