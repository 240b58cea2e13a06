/**
 * The facts that the server writes into the console's HTML page: the operators' organization, and how they sign in.
 * None is secret.
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

/** Id of the HTML element with the facts. `http/console.ts` fills in the facts, and a nonce, for each answer. */
export const SERVER_FACTS_ID = 'server-facts';

function isFacts(value: unknown): value is ServerFacts {
  const facts = value as Partial<Record<keyof ServerFacts, unknown>> | null;
  const texts = [facts?.organizationId, facts?.clientId, facts?.audience];
  return texts.every((fact) => typeof fact === 'string') && typeof facts?.roleIds === 'object';
}

/** Returns the facts in the page. Throws an `Error` if the page was not made by the server. */
export function readServerFacts(): ServerFacts {
  const facts: unknown = JSON.parse(document.getElementById(SERVER_FACTS_ID)?.textContent ?? 'null');
  if (!isFacts(facts))
    throw new Error('This page was not opened from its server. Open the console at the address of the server.');
  return facts;
}

/** Returns the nonce that this page's styles and scripts need (Content Security Policy). */
export function readNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
}
