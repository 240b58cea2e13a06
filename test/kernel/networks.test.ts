/** The networks of an address: what counts as one sender. */

import { expect, test } from 'vitest';
import { createMatcher, networksOf } from '../../src/kernel/networks.js';
import fc from '../support/random.js';

const names = (ip: string) => networksOf(ip).map(({ name }) => name);

// Attack: somebody with a network has every address in it.
test.each([
  ['192.0.2.1', ['192.0.2.1', '192.0.2.0/24']],
  ['::ffff:192.0.2.1', ['192.0.2.1', '192.0.2.0/24']],
  ['::ffff:c000:201', ['192.0.2.1', '192.0.2.0/24']],
  ['64:ff9b::192.0.2.1', ['192.0.2.1', '192.0.2.0/24']],
  ['::ffff:198.151.100.125', ['198.151.100.125', '198.151.100.0/24']],
  ['0:0:0:0:0:ffff:c000:201', ['192.0.2.1', '192.0.2.0/24']],
  ['64:ff9b::', ['0.0.0.0', '0.0.0.0/24']],
  ['2001:db8:1:2:3:4:5:6', ['2001:db8:1:2::/64', '2001:db8:1:0::/56', '2001:db8:1::/48']],
  ['2001:0DB8:0001:02fe::9', ['2001:db8:1:2fe::/64', '2001:db8:1:200::/56', '2001:db8:1::/48']],
  ['2001:db8::9', ['2001:db8:0:0::/64', '2001:db8:0:0::/56', '2001:db8:0::/48']],
  ['1::2:3:4:5:192.0.2.1', ['1:0:2:3::/64', '1:0:2:0::/56', '1:0:2::/48']],
  ['::1', ['0:0:0:0::/64', '0:0:0:0::/56', '0:0:0::/48']],
  ['::', ['0:0:0:0::/64', '0:0:0:0::/56', '0:0:0::/48']],
  ['fe80::1%eth0', ['fe80:0:0:0::/64', 'fe80:0:0:0::/56', 'fe80:0:0::/48']],
  ['unknown', ['unknown']],
  ['', ['']],
])('case=%s', (ip, networks) => expect(names(ip)).toEqual(networks));

// Attack: every connection has another port, and would be a network of its own.
test.each([
  ['192.0.2.1:8080', ['192.0.2.1', '192.0.2.0/24']],
  ['198.151.100.125:7', ['198.151.100.125', '198.151.100.0/24']],
  ['[2001:db8::9]:44321', ['2001:db8:0:0::/64', '2001:db8:0:0::/56', '2001:db8:0::/48']],
  ['[2001:DB8::9]', ['2001:db8:0:0::/64', '2001:db8:0:0::/56', '2001:db8:0::/48']],
  ['192.0.2.1:http', ['192.0.2.1:http']],
  ['192.0.2.1:8080x', ['192.0.2.1:8080x']],
  ['x192.0.2.1:8080', ['x192.0.2.1:8080']],
])('case=with the port of the connection: %s', (ip, networks) => expect(names(ip)).toEqual(networks));

test('case=networks get wider in their order', () => {
  expect(networksOf('192.0.2.1').map(({ width }) => width)).toEqual(['machine', 'block']);
  expect(networksOf('2001:db8::9').map(({ width }) => width)).toEqual(['machine', 'site', 'block']);
  expect(networksOf('unknown').map(({ width }) => width)).toEqual(['machine']);
});

test('case=an address has the same networks after thousands of others', () => {
  const before = names('2001:db8:1:2:3:4:5:6');
  for (let count = 0; count < 3_000; count += 1) {
    const third = Math.floor(count / 256);
    expect(names(`10.9.${third}.${count % 256}`)).toEqual([`10.9.${third}.${count % 256}`, `10.9.${third}.0/24`]);
  }
  expect(names('2001:db8:1:2:3:4:5:6')).toEqual(before);
});

test.each([
  ['10.1.2.3', true],
  ['::ffff:10.1.2.3', true],
  ['127.0.0.1', true],
  ['127.0.0.2', false],
  ['fd12::1', true],
  ['2001:db8::1', true],
  ['2001:db8::2', false],
  ['fe80::1', false],
  ['8.8.8.8', false],
])('case=of networks and single addresses: %s is among them: %s', (address, among) => {
  expect(createMatcher(['10.0.0.0/8', '127.0.0.1', 'fd00::/8', '2001:db8::1'])(address)).toBe(among);
});

test('case=however an address of a network is written, it is that network', () => {
  const groups = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 });
  fc.assert(
    fc.property(groups, fc.integer({ min: 0, max: 7 }), (numbers, at) => {
      // Neither of the forms that carry an IPv4 address.
      const all = [0x2001, ...numbers.slice(1)];
      const hex = all.map((group) => group.toString(16));
      const padded = hex.map((group) => group.padStart(4, '0').toUpperCase()).join(':');
      expect(names(padded)).toEqual(names(hex.join(':')));
      const end = Math.max(1, at);
      const shortened = `${hex.slice(0, end).join(':')}::`;
      const zeros = [...hex.slice(0, end), ...Array.from({ length: 8 - end }, () => '0')].join(':');
      expect(names(shortened)).toEqual(names(zeros));
      expect(names(hex.join(':'))).toEqual([
        `${hex.slice(0, 4).join(':')}::/64`,
        `${hex.slice(0, 3).join(':')}:${((all[3] ?? 0) & 0xff00).toString(16)}::/56`,
        `${hex.slice(0, 3).join(':')}::/48`,
      ]);
    }),
  );
});
