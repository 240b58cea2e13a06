/** Sets of IP addresses, written as CIDR. A pure matcher: it resolves no names and opens no connections. */
import { BlockList, isIP } from 'node:net';

/** A matcher for addresses and networks such as `10.0.0.0/8`, `127.0.0.1`, `fd00::/8`. Items must be valid (see config.ts). */
export function toBlockList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const item of networks) {
    const [address = '', bits] = item.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}
