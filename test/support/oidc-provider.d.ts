/** The part of oidc-provider that is used here; the package brings no types of its own. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  export default class Provider {
    constructor(issuer: string, configuration: Readonly<Record<string, unknown>>);
    /** A request listener for node:http. */
    callback(): (request: IncomingMessage, response: ServerResponse) => void;
  }
}
