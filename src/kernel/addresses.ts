/**
 * Decides to which addresses a connection may be opened. Customers choose identity providers and Actions, so every
 * address counts as hostile until it is known to be public. Never resolves a name; never trusts a host name.
 */
import type { BlockList } from 'node:net';
import { isIP } from 'node:net';
import { toBlockList } from './networks.js';

/** IPv4 that is not a public host: IANA's special-purpose registry (RFC 6890), multicast and reserved space. */
const NOT_PUBLIC_V4 = toBlockList([
  '0.0.0.0/8', // "this network": reaches this machine itself on Linux
  '10.0.0.0/8',
  '100.64.0.0/10', // carrier-grade NAT (RFC 6598); also some clouds' metadata
  '127.0.0.0/8',
  '169.254.0.0/16', // link-local: clouds serve credentials at 169.254.169.254
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24', // 6to4 relays
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, broadcast
]);

/**
 * IPv6: only global unicast is public, which excludes `::`, `::1`, mapped (`::ffff:0:0/96`), NAT64 (`64:ff9b::/96`),
 * unique local, link-local and multicast at once. The list below has the ranges of global unicast that contain an IPv4
 * address or are no hosts.
 */
const GLOBAL_UNICAST_V6 = toBlockList(['2000::/3']);
const NOT_PUBLIC_V6 = toBlockList([
  '2001::/23', // IETF protocol assignments, such as Teredo, which contains an IPv4 address
  '2001:db8::/32',
  '2002::/16', // 6to4: contains an IPv4 address
  '2620:4f:8000::/48',
  '3fff::/20',
]);

export type AddressVerdict = 'allowed' | 'public' | 'forbidden';

/**
 * Classifies an address. `allowed`: in the operator's list (VESTIBULE_OUTBOUND_ALLOW); `public`: a public host;
 * `forbidden`: anything else, and any text that is not an address. `address` is an IP literal without brackets or zone.
 */
export function classifyAddress(address: string, allow: BlockList): AddressVerdict {
  const family = isIP(address);
  if (family === 0 || address.includes('%')) return 'forbidden';
  if (family === 4) {
    if (allow.check(address, 'ipv4')) return 'allowed';
    return NOT_PUBLIC_V4.check(address, 'ipv4') ? 'forbidden' : 'public';
  }
  if (allow.check(address, 'ipv6')) return 'allowed';
  const isPublic = GLOBAL_UNICAST_V6.check(address, 'ipv6') && !NOT_PUBLIC_V6.check(address, 'ipv6');
  return isPublic ? 'public' : 'forbidden';
}
