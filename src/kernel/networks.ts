/**
 * IP addresses and their networks: tests whether an address is in networks written as CIDR, and finds the networks in
 * which one address is counted. Pure: resolves no names and opens no connections.
 */
import { BlockList, isIP } from 'node:net';

/**
 * Returns a matcher for addresses and networks such as `10.0.0.0/8`, `127.0.0.1`, `fd00::/8`. Items must be valid
 * (config/environment.ts checks those of the operator).
 */
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

/**
 * Returns a function that tests whether an address is in one of `networks`; an IPv4 address also when it is written as
 * IPv6.
 */
export function createMatcher(networks: readonly string[]): (address: string) => boolean {
  const list = toBlockList(networks);
  return (address) => list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/**
 * The size of a network with one owner. `machine`: one machine or one household (an IPv4 address; of IPv6 the /64, RFC
 * 4291 section 2.5.1). `site`: the network that an access provider gives a customer (of IPv6 the /56, RFC 6177).
 * `block`: the smallest network that is routed by itself (IPv4 /24, IPv6 /48).
 */
export type NetworkWidth = 'machine' | 'site' | 'block';

export interface Network {
  /** The network as CIDR, such as `2001:db8:1::/48`; for an IPv4 address the address itself. */
  readonly name: string;
  readonly width: NetworkWidth;
}

const IPV6_WIDTHS = [
  ['machine', 64],
  ['site', 56],
  ['block', 48],
] as const satisfies readonly (readonly [NetworkWidth, number])[];

/** Parses an IPv6 address into its eight groups. */
function toGroups(ip: string): readonly number[] {
  const [withoutZone = ''] = ip.split('%', 1);
  const hex = withoutZone.replace(/(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/, (_all, ...bytes) =>
    [0, 2].map((at) => (Number(bytes[at]) * 256 + Number(bytes[at + 1])).toString(16)).join(':'),
  );
  const [head = '', tail] = hex.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - before.length - after.length }, () => '0');
  return [...before, ...zeros, ...after].map((group) => Number.parseInt(group, 16));
}

/** Returns the first `bits` of an address, in the form of RFC 5952, with `::` for the zeros at its end. */
function toPrefix(groups: readonly number[], bits: number): string {
  const kept = groups.slice(0, Math.ceil(bits / 16));
  const rest = bits % 16;
  const last = kept.at(-1) ?? 0;
  if (rest > 0) kept[kept.length - 1] = last & ~(0xffff >> rest);
  return `${kept.map((group) => group.toString(16)).join(':')}::/${bits}`;
}

/**
 * Finds the IPv4 address inside an IPv6 address: mapped (RFC 4291 section 2.5.5.2), or translated by NAT64 (RFC 6052).
 */
function findIpv4(groups: readonly number[]): string | undefined {
  const prefix = groups.slice(0, 6).map((group) => group.toString(16));
  if (!['0:0:0:0:0:ffff', '64:ff9b:0:0:0:0'].includes(prefix.join(':'))) return undefined;
  return groups
    .slice(6)
    .flatMap((group) => [group >> 8, group & 0xff])
    .join('.');
}

function networksOfIpv4(ip: string): readonly Network[] {
  return [
    { name: ip, width: 'machine' },
    { name: `${ip.slice(0, ip.lastIndexOf('.'))}.0/24`, width: 'block' },
  ];
}

/**
 * An address as some proxies forward it (Azure's Application Gateway, IIS): with the port of the connection, IPv6 in
 * brackets.
 */
const WITH_PORT = /^(?:\[([0-9A-Fa-f:.]+)\]|(\d{1,3}(?:\.\d{1,3}){3}))(?::\d{1,5})?$/;

/** Returns the address alone. Attack: every connection has another port, and would count as a network of its own. */
export function withoutPort(ip: string): string {
  const [, six, four] = WITH_PORT.exec(ip) ?? [];
  return six ?? four ?? ip;
}

function findNetworks(ip: string): readonly Network[] {
  const family = isIP(ip);
  if (family === 4) return networksOfIpv4(ip);
  if (family === 0) return [{ name: ip, width: 'machine' }];
  const groups = toGroups(ip);
  const ipv4 = findIpv4(groups);
  if (ipv4 !== undefined) return networksOfIpv4(ipv4);
  return IPV6_WIDTHS.map(([width, bits]) => ({ name: toPrefix(groups, bits), width }));
}

/** Most addresses whose networks are kept. */
const MOST_KEPT = 256;
/** Characters of the longest IPv6 address. Longer texts are not kept: the sender chooses what a header says. */
const LONGEST_KEPT = 45;
/** Networks of recent addresses: each request asks for those of its sender several times. */
const kept = new Map<string, readonly Network[]>();

/**
 * Returns the networks of an address, the smallest first: each counts as one sender. Attack: the owner of a network
 * uses each of its addresses in turn (200 addresses of one /64), which no limit by single address stops. A text that is
 * no address counts as a network of its own.
 */
export function networksOf(address: string): readonly Network[] {
  const known = kept.get(address);
  if (known !== undefined) return known;
  const networks = findNetworks(withoutPort(address));
  if (address.length > LONGEST_KEPT) return networks;
  if (kept.size >= MOST_KEPT) kept.clear();
  kept.set(address, networks);
  return networks;
}
