/** The facts that the server writes into the console's page: whose operators these are, and how they sign in. None is a secret. */

export type OperatorRole = 'owner' | 'support' | 'viewer';

export interface ServerFacts {
  /** The operators' organization. */
  readonly organizationId: string;
  /** The console, a public client. */
  readonly clientId: string;
  /** Of the Management API. */
  readonly audience: string;
  /** The ids of the operators' roles. */
  readonly roleIds: Readonly<Record<OperatorRole, string>>;
}

/** Where the server puts them, and a nonce for each answer. `http/console.ts` replaces both. */
export const SERVER_FACTS_ID = 'server-facts';

function isFacts(value: unknown): value is ServerFacts {
  const facts = value as Partial<Record<keyof ServerFacts, unknown>> | null;
  const texts = [facts?.organizationId, facts?.clientId, facts?.audience];
  return texts.every((fact) => typeof fact === 'string') && typeof facts?.roleIds === 'object';
}

/** Throws an `Error` where the page was not made by the server. */
export function readServerFacts(): ServerFacts {
  const facts: unknown = JSON.parse(document.getElementById(SERVER_FACTS_ID)?.textContent ?? 'null');
  if (!isFacts(facts)) throw new Error('The page lacks the facts of its server: open it at the address of the server.');
  return facts;
}

/** The nonce of this page's styles and scripts. */
export function readNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
}
