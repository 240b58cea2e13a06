/** Which addresses a connection may be opened to: public hosts, and what the operator allows. */
import { describe, expect, test } from 'vitest';
import { classifyAddress } from '../../src/kernel/addresses.js';
import { toBlockList } from '../../src/kernel/networks.js';

const NOTHING = toBlockList([]);

describe('addresses', () => {
  test.each([
    ['loopback', '127.0.0.1'],
    ['loopback, another', '127.255.255.254'],
    ['this host', '0.0.0.0'],
    ['private 10', '10.1.2.3'],
    ['private 172.16', '172.31.255.255'],
    ['private 192.168', '192.168.0.1'],
    ['cloud metadata', '169.254.169.254'],
    ['carrier-grade NAT', '100.64.0.1'],
    ['multicast', '224.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['benchmarking', '198.18.0.1'],
    ['documentation', '203.0.113.9'],
    ['IPv6 unspecified', '::'],
    ['IPv6 loopback', '::1'],
    ['IPv6 link-local', 'fe80::1'],
    ['IPv6 link-local with a zone', 'fe80::1%eth0'],
    ['IPv6 of a public host with a zone', '2606:4700:4700::1111%eth0'],
    ['IPv6 unique local', 'fd00:ec2::254'],
    ['IPv6 multicast', 'ff02::1'],
    ['IPv4-mapped loopback', '::ffff:127.0.0.1'],
    ['IPv4-mapped, written in hexadecimal', '::ffff:a9fe:a9fe'],
    ['IPv4-compatible', '::10.0.0.1'],
    ['NAT64 of a private address', '64:ff9b::10.0.0.1'],
    ['local NAT64', '64:ff9b:1::a00:1'],
    ['6to4 of a private address', '2002:0a00:0001::1'],
    ['Teredo', '2001:0:7f00:1::'],
    ['IPv6 documentation', '2001:db8::1'],
    ['not an address', 'localhost'],
  ])('%s (%s) is forbidden', (_name, address) => {
    expect(classifyAddress(address, NOTHING)).toBe('forbidden');
  });

  test.each(['8.8.8.8', '1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700:4700::1111', '2a00:1450:4001:80e::200e'])(
    '%s is public',
    (address) => expect(classifyAddress(address, NOTHING)).toBe('public'),
  );

  test('what the operator allows is allowed, and nothing beside it', () => {
    const allow = toBlockList(['10.1.0.0/16', '::1', '127.0.0.1']);
    expect(classifyAddress('10.1.2.3', allow)).toBe('allowed');
    expect(classifyAddress('::1', allow)).toBe('allowed');
    expect(classifyAddress('10.2.0.1', allow)).toBe('forbidden');
    expect(classifyAddress('127.0.0.2', allow)).toBe('forbidden');
  });
});
