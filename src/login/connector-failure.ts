/** The refusals for an identity provider's answer that failed. The failed check goes to the trace, never to the person. */
import type { ConnectorFailure } from '../ports/connector.js';
import { type Refusal, refuse } from './refusals.js';
import type { Trace } from './trace.js';

const CONNECTOR_REFUSALS = {
  denied: 'authenticate.idp_denied',
  unreachable: 'authenticate.idp_unreachable',
  keys: 'authenticate.idp_keys',
  invalid: 'authenticate.idp_invalid',
} as const satisfies Record<ConnectorFailure['reason'], string>;

/** Checks that fail when an answer belongs to another login; the identity provider made no mistake then. */
const OF_ANOTHER_LOGIN: ReadonlySet<string> = new Set(['saml.in_response_to', 'saml.other_connection']);

/** Returns the refusal after a connector's failure; the failed check goes to the trace. */
export function refuseConnectorFailure(failure: ConnectorFailure, trace: Trace): Refusal {
  trace.add('authenticate', 'protocol_proof', 'refuse', { check: failure.check, detail: failure.detail });
  const code = OF_ANOTHER_LOGIN.has(failure.check)
    ? 'authenticate.unknown_transaction'
    : CONNECTOR_REFUSALS[failure.reason];
  return refuse(code, `${failure.check}: ${failure.detail}`);
}
