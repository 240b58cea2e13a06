/**
 * The facts that the server writes into the console's page: the operators' organization, and how they sign in. None is
 * secret.
 */

export type OperatorRole = 'owner' | 'support' | 'viewer';

export interface ServerFacts {
  readonly organizationId: string;
  /** The console's client id; it is a public client. */
  readonly clientId: string;
  /** Audience of the Management API. */
  readonly audience: string;
  readonly roleIds: Readonly<Record<OperatorRole, string>>;
}

/** Element id of the facts; the page also has a nonce. `http/console.ts` fills in both for each answer. */
export const SERVER_FACTS_ID = 'server-facts';

function isFacts(value: unknown): value is ServerFacts {
  const facts = value as Partial<Record<keyof ServerFacts, unknown>> | null;
  const texts = [facts?.organizationId, facts?.clientId, facts?.audience];
  return texts.every((fact) => typeof fact === 'string') && typeof facts?.roleIds === 'object';
}

/** Reads the facts. Throws an `Error` if the server did not make the page. */
export function readServerFacts(): ServerFacts {
  const facts: unknown = JSON.parse(document.getElementById(SERVER_FACTS_ID)?.textContent ?? 'null');
  if (!isFacts(facts))
    throw new Error('This page was not opened from its server. Open the console at the address of the server.');
  return facts;
}

/** Returns the nonce for this page's styles and scripts. */
export function readNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
}
