/** Single logout of the test's SAML identity provider, over the package samlp, in both directions. */
import { randomUUID } from 'node:crypto';
import samlp, { type SessionParticipant } from 'samlp';
import type { TestCertificate } from './certificates.js';

const BINDINGS = 'urn:oasis:names:tc:SAML:2.0:bindings';

export interface LogoutCall {
  readonly method: string;
  /** Path and query as they came. */
  readonly url: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, string>>;
}

/** Either a page or an address to go to. */
export type LogoutReply = { readonly html: string } | { readonly location: string };

export interface SignOutSettings {
  readonly entityId: string;
  readonly key: TestCertificate;
  readonly binding: 'HTTP-Redirect' | 'HTTP-POST';
  /** The services that this browser is signed in to; those that have signed out are taken away. */
  readonly participants: SessionParticipant[];
  /** Where answers go to a service that is not among them. */
  readonly destination: string;
  /** Certificate (PEM) of the service provider; its requests must be signed. */
  readonly requestsSignedBy: string | undefined;
}

/** States of samlp between two calls, as its session store would keep them. */
function createStore() {
  const states = new Map<string, object>();
  return {
    save(_request: unknown, state: object, done: (error: null, handle: string) => void) {
      const handle = randomUUID();
      states.set(handle, state);
      done(null, handle);
    },
    load(_request: unknown, handle: string, ...rest: unknown[]) {
      const done = rest.at(-1) as (error: null, state: object | undefined) => void;
      done(null, states.get(handle));
    },
    update(_request: unknown, handle: string, state: object, done: (error: null) => void) {
      states.set(handle, state);
      done(null);
    },
  };
}

type Known = SessionParticipant & { readonly cert?: string };

/** The services as samlp asks for them; the package keeps its own list to itself. */
function createParticipants(left: Known[]) {
  const isThat = (issuer: string | undefined, index: string | readonly string[], nameId: string) => (one: Known) =>
    (issuer === undefined || one.serviceProviderId === issuer) &&
    [index].flat().includes(one.sessionIndex) &&
    one.nameId === nameId;
  return {
    get(issuer: string, indexes: string[], nameId: string, done: (error: null, found: Known | undefined) => void) {
      done(null, left.find(isThat(issuer, indexes, nameId)));
    },
    hasElements: () => left.length > 0,
    getFirst: (done: (error: null, first: Known | undefined) => void) => done(null, left[0]),
    remove(issuer: string, index: string, nameId: string, done: (error: null) => void) {
      const position = left.findIndex(isThat(issuer, index, nameId));
      if (position >= 0) left.splice(position, 1);
      done(null);
    },
  };
}

/** The logouts of one identity provider; they go on over several calls. */
export function createSignOut(settingsNow: () => SignOutSettings): (call: LogoutCall) => Promise<LogoutReply> {
  const store = createStore();
  return (call) =>
    new Promise((resolve, reject) => {
      const { entityId, key, binding, participants, destination, requestsSignedBy } = settingsNow();
      const known = participants.map((one) => ({
        ...one,
        binding: `${BINDINGS}:${binding}`,
        ...(requestsSignedBy !== undefined && { cert: requestsSignedBy }),
      }));
      const handler = samlp.logout({
        issuer: entityId,
        ...key,
        deflate: true,
        protocolBinding: `${BINDINGS}:${binding}`,
        signatureAlgorithm: 'rsa-sha256',
        digestAlgorithm: 'sha256',
        destination,
        store,
        sessionParticipants: createParticipants(known),
        clearIdPSession: (done: () => void) => {
          participants.length = 0;
          done();
        },
      });
      const response = {
        set: () => undefined,
        send: (html: string | number) => resolve({ html: String(html) }),
        redirect: (location: string) => resolve({ location }),
      };
      handler(call, response, (error) => reject(error ?? new Error('samlp has no answer')));
    });
}
