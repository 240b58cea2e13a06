/** The cast: each person's address, and the facts about them before a story begins. */

export interface Person {
  readonly key: string;
  readonly name: string;
  readonly email: string;
  /** Description in one line, for the list next to the stage. */
  readonly about: string;
  /** Has an account at Acme's identity provider. */
  readonly atIdp: boolean;
}

export const CAST = {
  ivy: {
    key: 'ivy',
    name: 'Ivy',
    email: 'ivy@acme.example',
    about: 'invited, and new',
    atIdp: true,
  },
  dana: {
    key: 'dana',
    name: 'Dana',
    email: 'dana@acme.example',
    about: 'password member',
    atIdp: true,
  },
  sam: {
    key: 'sam',
    name: 'Sam',
    email: 'sam@acme.example',
    about: 'unknown here',
    atIdp: true,
  },
  nora: {
    key: 'nora',
    name: 'Nora',
    email: 'nora@acme.example',
    about: 'account, no member',
    atIdp: true,
  },
  olga: {
    key: 'olga',
    name: 'Olga',
    email: 'olga@acme.example',
    about: 'member without SSO',
    atIdp: false,
  },
  uma: {
    key: 'uma',
    name: 'Uma',
    email: 'uma@acme.example',
    about: 'unverified member',
    atIdp: true,
  },
  mallory: {
    key: 'mallory',
    name: 'Mallory',
    email: 'mallory@evil.example',
    about: 'runs Evil Corp’s IdP',
    atIdp: false,
  },
} as const satisfies Record<string, Person>;

/** Everybody's password in this demo, and nowhere else. */
export const PASSWORD = 'Correct-horse-7-battery';
