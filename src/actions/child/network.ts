/**
 * Decides to which addresses an Action may connect. The check wraps Node's native functions that open a socket, and
 * sees the numeric address that the kernel gets. So it covers every host name, every resolver, and any number of
 * redirects. Attack: SSRF by name, by redirect, or by DNS rebinding.
 */
import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns';
import { BlockList, isIP, Socket, SocketAddress } from 'node:net';
import { classifyAddress } from '../../kernel/addresses.js';
import { toBlockList } from '../../kernel/networks.js';
import type { NetworkPolicy } from '../protocol.js';
import { apply, defineProperty, freeze, getPrototypeOf, slice } from './primordials.js';

type Native = (this: unknown, ...rest: unknown[]) => unknown;
type Judge = (address: unknown, port: unknown) => boolean;

/** `-EACCES` as libuv returns errors; Node turns it into an exception with this code. */
const REFUSED = -13;
/**
 * Addresses of cloud metadata services, which give a machine's credentials to every program on it. Refused unless the
 * operator allows them (`policy.allow`).
 */
const METADATA = ['169.254.0.0/16', 'fd00:ec2::254', '100.100.100.200', '192.0.0.192'];

const isAddress = isIP;
const { check } = BlockList.prototype;
const isIn = (list: BlockList, address: string): boolean =>
  apply(check, list, [address, isAddress(address) === 4 ? 'ipv4' : 'ipv6']) as boolean;

/** Converts every spelling of an IPv4-mapped address to IPv4: a connection to `::ffff:10.0.0.1` reaches 10.0.0.1. */
function toPlain(address: string): string {
  const canonical = isAddress(address) === 6 ? new SocketAddress({ address, family: 'ipv6' }).address : address;
  const tail = slice(canonical, 0, 7) === '::ffff:' ? slice(canonical, 7) : '';
  return isAddress(tail) === 4 ? tail : canonical;
}

/** Creates the function that decides by the server's policy whether an Action may connect to an address and port. */
export function createJudge(policy: NetworkPolicy): Judge {
  const allow = toBlockList(policy.allow);
  // Includes this machine's own public addresses: a connection from here would pass a firewall that only filters
  // traffic from outside.
  const inside = toBlockList([...METADATA, ...policy.local]);
  const own = policy.own.map(([address, port]) => ({ list: toBlockList([address]), port }));
  const denied = policy.denied.map(([network, port]) => ({ list: toBlockList([network]), port }));
  return (address, port) => {
    if (typeof address !== 'string' || typeof port !== 'number' || isAddress(address) === 0) return false;
    const plain = toPlain(address);
    for (let index = 0; index < denied.length; index += 1) {
      const rule = denied[index];
      if (rule !== undefined && (rule.port === port || rule.port === 0) && isIn(rule.list, plain)) return false;
    }
    for (let index = 0; index < own.length; index += 1) {
      const rule = own[index];
      if (rule !== undefined && rule.port === port && isIn(rule.list, plain)) return true;
    }
    const verdict = classifyAddress(plain, allow);
    return verdict === 'allowed' || (verdict === 'public' && !isIn(inside, plain));
  };
}

function refuse(prototype: object, names: readonly string[]): void {
  for (const name of names) {
    if (name in prototype)
      defineProperty(prototype, name, { value: () => REFUSED, writable: false, configurable: false });
  }
}

function guard(prototype: object, name: string, judge: Judge): void {
  const native = Reflect.get(prototype, name) as Native;
  const value = function (this: unknown, request: unknown, address: unknown, port: unknown): unknown {
    return judge(address, port) ? apply(native, this, [request, address, port]) : REFUSED;
  };
  defineProperty(prototype, name, { value, writable: false, configurable: false });
}

/** Returns the prototypes that hold Node's native socket functions. Finds them on sockets that Node created. */
function findNatives(): { tcp: object; pipe: object; udp: object; resolver: object } {
  const tcp = new Socket();
  tcp.on('error', () => {});
  // Nothing is sent: the socket is destroyed before it would connect.
  tcp.connect({ host: '127.0.0.1', port: 1 });
  const tcpHandle = Reflect.get(tcp, '_handle') as object;
  tcp.destroy();
  const udp = createSocket('udp4');
  const state = Object.getOwnPropertySymbols(udp).find((symbol) => symbol.description === 'state symbol');
  const udpHandle = (Reflect.get(udp, state as symbol) as { handle: object }).handle;
  udp.close();
  // Opens stdout and stderr here, because opening them is refused later. Their writes block, so that the server
  // receives a flood of output and counts it; otherwise the flood would fill this process's memory.
  const [pipeHandle] = [process.stdout, process.stderr].map((stream) => {
    const handle = Reflect.get(stream, '_handle') as { setBlocking(isBlocking: boolean): void };
    handle.setBlocking(true);
    return handle;
  });
  const resolver = Reflect.get(new Resolver(), '_handle') as object;
  return {
    tcp: getPrototypeOf(tcpHandle) as object,
    udp: getPrototypeOf(udpHandle) as object,
    pipe: getPrototypeOf(pipeHandle as object) as object,
    resolver: getPrototypeOf(resolver) as object,
  };
}

/**
 * Checks each connection by `judge` for the rest of the process's life. `judge` must refuse everything until the server
 * has sent its policy.
 */
export function guardNetwork(judge: Judge): void {
  const natives = findNatives();
  guard(natives.tcp, 'connect', judge);
  guard(natives.tcp, 'connect6', judge);
  // Refuses to listen, and to use open file descriptors. Attack: forged messages on the pipes to the server.
  refuse(natives.tcp, ['open', 'bind', 'bind6', 'listen']);
  // Unix sockets lead to databases and container engines of the machine.
  refuse(natives.pipe, ['open', 'bind', 'listen', 'connect', 'fchmod']);
  refuse(natives.udp, ['open', 'bind', 'bind6', 'connect', 'connect6', 'send', 'send6', 'addMembership', 'recvStart']);
  // Allows only the system's DNS resolvers: an Action that chose a name server could send packets to any address.
  refuse(natives.resolver, ['setServers', 'setLocalAddress']);
  for (const type of [BlockList, SocketAddress]) {
    freeze(type.prototype);
    freeze(type);
  }
}
