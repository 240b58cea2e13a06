/**
 * RelayState of this server's SAML requests: `<transaction>.<secret>`, within the 80 bytes of SAML bindings, section 3.4.3.
 * Finds the transaction only; the connector compares the secret. An IdP's own RelayState looks different.
 */
const RELAY_STATE = /^([A-Za-z0-9]{16})\.[A-Za-z0-9_-]{43}$/;

/** Returns the transaction that an answer names, where its RelayState is one of this server's. */
export const findSamlTransaction = (field: (name: string) => string | undefined): string | undefined =>
  RELAY_STATE.exec(field('RelayState') ?? '')?.[1];
