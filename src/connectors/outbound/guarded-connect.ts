/**
 * Opens the sockets of requests to servers that customers name. Checks each address in the step that opens the
 * connection, so that it cannot change in between. No other code checks the addresses of these requests.
 */
import type { LookupAddress, LookupOptions } from 'node:dns';
import type { BlockList } from 'node:net';
import { isIP } from 'node:net';
import { buildConnector } from 'undici';
import { classifyAddress } from '../../kernel/addresses.js';
import { OutboundError } from './error.js';
import type { Resolve } from './resolve.js';

type LookupCallback = (error: Error | null, address: string | LookupAddress[], family?: number) => void;
type Judge = (address: string) => boolean;

function forbidden(hostname: string, secure: boolean): OutboundError {
  const hint = secure
    ? 'it is not a public address, and in no network of VESTIBULE_OUTBOUND_ALLOW'
    : 'plain http is only for networks of VESTIBULE_OUTBOUND_ALLOW';
  return new OutboundError('forbidden', `${hostname} may not be connected to: ${hint}`);
}

/**
 * Creates a `lookup` for sockets that returns permitted addresses only. Attack: SSRF by name (an IdP's host name
 * resolves to a private address) and DNS rebinding. The socket connects to the checked address; there is no second
 * resolution.
 */
function toGuardedLookup(resolve: Resolve, isPermitted: Judge, secure: boolean) {
  return (hostname: string, options: LookupOptions, callback: LookupCallback): void => {
    resolve(hostname, { all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      const permitted = addresses.filter(({ address }) => isPermitted(address));
      const first = permitted[0];
      if (first === undefined) return callback(forbidden(hostname, secure), []);
      if (options.all) callback(null, permitted);
      else callback(null, first.address, first.family);
    });
  };
}

/**
 * Creates a connector for undici: https to public and allowed addresses, http to allowed ones only. `timeoutMs` limits
 * the time to connect.
 */
export function createGuardedConnector(
  allow: BlockList,
  timeoutMs: number,
  resolve: Resolve,
): buildConnector.connector {
  const judges: Record<'https:' | 'http:', Judge> = {
    'https:': (address) => classifyAddress(address, allow) !== 'forbidden',
    'http:': (address) => classifyAddress(address, allow) === 'allowed',
  };
  const build = (secure: boolean, judge: Judge) =>
    buildConnector({ timeout: timeoutMs, lookup: toGuardedLookup(resolve, judge, secure) as never });
  const secureConnector = build(true, judges['https:']);
  const plainConnector = build(false, judges['http:']);
  return (options, callback) => {
    const secure = options.protocol === 'https:';
    const host = options.hostname.replace(/^\[|\]$/g, '');
    // A literal address is never looked up, so it is checked here. Attack: https://169.254.169.254/.
    if (isIP(host) !== 0 && !judges[secure ? 'https:' : 'http:'](host)) {
      callback(forbidden(host, secure), null);
      return;
    }
    (secure ? secureConnector : plainConnector)(options, callback);
  };
}
