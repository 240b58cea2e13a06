/**
 * The enterprise strategies that stories run over: how the IdP of a test writes a person into its tokens, and what a connection to it says.
 * A strategy more is a row more.
 */
import { createHash } from 'node:crypto';
import type { Json } from './instance.js';
import type { Person, ScriptedIdpOptions } from './scripted-idp.js';

export type PlayedStrategy = 'oidc' | 'waad' | 'google-apps';
export const STRATEGIES: readonly PlayedStrategy[] = ['oidc', 'waad', 'google-apps'];

/** A GUID that belongs to the text, as Entra's ids of tenants and people. */
export function guidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return [8, 4, 4, 4, 12]
    .map((length, index, all) => {
      const from = all.slice(0, index).reduce((sum, one) => sum + one, 0);
      return hex.slice(from, from + length);
    })
    .join('-');
}

/** A person as Entra's tokens of version 2.0 have them: no `email_verified`, and `sub` differs for each application. */
export function asEntraWrites(tenantId: string): (person: Person) => Json {
  return ({ sub, email_verified, ...claims }) => ({
    sub: `pairwise-${sub}`,
    oid: guidOf(sub),
    tid: tenantId,
    ver: '2.0',
    ...(claims.email === undefined ? {} : { preferred_username: claims.email }),
    ...(email_verified === true && { xms_edov: true }),
    ...claims,
  });
}

export interface Played {
  /** How the IdP is started. */
  readonly idp: Pick<ScriptedIdpOptions, 'publicUrl' | 'speak'>;
  /** Options of the connection beside client id and secret. */
  options(domain: string | undefined, idp: { readonly issuer: string }): Json;
  /** The subject of the person whom the story calls `sub`. */
  subjectOf(sub: string): string;
}

/** The IdP of a company, `place`, as the strategy knows it. */
export function playProvider(strategy: PlayedStrategy, place: string, domain: string | undefined): Played {
  if (strategy === 'waad') {
    const tenantId = guidOf(place);
    return {
      idp: {
        publicUrl: `https://login.microsoftonline.com/${tenantId}/v2.0`,
        speak: asEntraWrites(tenantId),
      },
      options: () => ({ tenantId, tenant_domain: `${place}.onmicrosoft.example` }),
      subjectOf: guidOf,
    };
  }
  if (strategy === 'google-apps') {
    const hd = domain ?? `${place}.example`;
    return {
      idp: { publicUrl: 'https://accounts.google.com', speak: (person) => ({ ...person, hd }) },
      options: () => ({ tenant_domain: hd }),
      subjectOf: (sub) => sub,
    };
  }
  return {
    idp: {},
    options: (_domain, { issuer }) => ({
      type: 'back_channel',
      issuer,
      discovery_url: `${issuer}/.well-known/openid-configuration`,
      scope: 'openid profile email',
    }),
    subjectOf: (sub) => sub,
  };
}
