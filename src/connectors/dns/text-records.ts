/**
 * Asks name servers for TXT records: over UDP, and over TCP when the answer does not fit. Total time, number of
 * questions and size of an answer are bounded. Only the operator chooses the name servers, never a tenant: that stops
 * requests to internal addresses (SSRF). A missing answer never counts as "no such record". Stores nothing.
 */
import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns';
import { connect } from 'node:net';
import type { TextAnswer } from '../../domain/companies/domain-proof.js';
import type { Clock } from '../../kernel/clock.js';
import type { Entropy } from '../../kernel/ids.js';
import type { TextRecords } from '../../ports/text-records.js';
import { encodeName, encodeQuestion, MOST_BYTES, type Reading, readAnswer } from './message.js';

export interface TextRecordsOptions {
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly entropy: Entropy;
  /** `address`, `address:port` or `[address]:port`; the system's name servers if the list is empty. */
  readonly nameServers: readonly string[];
  /** Time limit of one question to one server, in milliseconds. */
  readonly timeoutMs?: number;
  /** Time limit of all questions together, in milliseconds. */
  readonly limitMs?: number;
}

const TIMEOUT_MS = 2_000;
const LIMIT_MS = 9_000;
/** Number of times that each server is asked. */
const ROUNDS = 2;
const MOST_SERVERS = 3;
const DNS_PORT = 53;

interface Server {
  readonly host: string;
  readonly port: number;
}

/** The result of one question: an answer, or the reason why there is none. */
type Outcome = Exclude<Reading, { kind: 'not_ours' }> | { readonly kind: 'timeout' };

/** Parses the address of a name server, with or without a port, in the form of `Resolver.setServers`. */
export function parseServer(text: string): Server {
  const [, bracketed, portOfBracketed] = /^\[([^\]]+)\](?::(\d+))?$/.exec(text) ?? [];
  if (bracketed !== undefined) return { host: bracketed, port: Number(portOfBracketed ?? DNS_PORT) };
  const [, host, port] = /^([^:]+):(\d+)$/.exec(text) ?? [];
  return host === undefined ? { host: text, port: DNS_PORT } : { host, port: Number(port) };
}

/** Asks over UDP. The socket is connected, so the system drops packets from other addresses and ports. */
function askOverUdp(server: Server, question: Buffer, timeoutMs: number): Promise<Outcome> {
  return new Promise((resolve) => {
    const socket = createSocket(server.host.includes(':') ? 'udp6' : 'udp4');
    const timer = setTimeout(() => end({ kind: 'timeout' }), timeoutMs);
    const end = (outcome: Outcome) => {
      clearTimeout(timer);
      socket.removeAllListeners();
      socket.on('error', () => {});
      socket.close();
      resolve(outcome);
    };
    socket.on('error', () => end({ kind: 'timeout' }));
    socket.on('message', (message) => {
      const reading = readAnswer(message, question);
      if (reading.kind !== 'not_ours') end(reading);
    });
    socket.on('connect', () => socket.send(question));
    socket.connect(server.port, server.host);
  });
}

/** Reads the message after its length prefix (RFC 1035 section 4.2.2); undefined until all bytes have arrived. */
function readFramed(bytes: Buffer, question: Buffer): Outcome | undefined {
  if (bytes.length < 2) return undefined;
  const length = bytes.readUInt16BE(0);
  // Checked before the rest is read, so that an answer of 64 kB is never buffered.
  if (length > MOST_BYTES) return { kind: 'too_much' };
  if (bytes.length < 2 + length) return undefined;
  const reading = readAnswer(bytes.subarray(2, 2 + length), question);
  return reading.kind === 'not_ours' || reading.kind === 'cut' ? { kind: 'server_failure' } : reading;
}

function askOverTcp(server: Server, question: Buffer, timeoutMs: number): Promise<Outcome> {
  return new Promise((resolve) => {
    const socket = connect(server.port, server.host);
    // One time limit for the whole answer: stops a server that sends one byte now and then.
    const timer = setTimeout(() => end({ kind: 'timeout' }), timeoutMs);
    const end = (outcome: Outcome) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(outcome);
    };
    let bytes: Buffer = Buffer.alloc(0);
    socket.on('error', () => end({ kind: 'timeout' }));
    socket.on('end', () => end({ kind: 'server_failure' }));
    socket.on('data', (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      const outcome = readFramed(bytes, question);
      if (outcome !== undefined) end(outcome);
    });
    const length = Buffer.alloc(2);
    length.writeUInt16BE(question.length);
    socket.write(Buffer.concat([length, question]));
  });
}

async function askServer(server: Server, question: Buffer, timeoutMs: number): Promise<Outcome> {
  const outcome = await askOverUdp(server, question, timeoutMs);
  return outcome.kind === 'cut' ? askOverTcp(server, question, timeoutMs) : outcome;
}

/** Returns the final answer; undefined where another server may still know one. */
function toAnswer(outcome: Outcome): TextAnswer | undefined {
  if (outcome.kind === 'no_such_name') return { kind: 'absent', reason: 'no_such_name' };
  if (outcome.kind === 'too_much') return { kind: 'no_answer', reason: 'too_much' };
  if (outcome.kind !== 'texts') return undefined;
  return outcome.texts.length === 0 ? { kind: 'absent', reason: 'no_text' } : outcome;
}

/** Lists the name servers to ask. The system's are read for every question, because they change with the network. */
function listServers(options: TextRecordsOptions): readonly Server[] {
  const named = options.nameServers.length > 0 ? options.nameServers : new Resolver().getServers();
  return named.slice(0, MOST_SERVERS).map(parseServer);
}

/** Creates a {@link TextRecords} that asks over this process's own UDP and TCP sockets. */
export function createTextRecords(options: TextRecordsOptions): TextRecords {
  const { clock, entropy, timeoutMs = TIMEOUT_MS, limitMs = LIMIT_MS } = options;
  return {
    async find(host) {
      const name = encodeName(host);
      if (name === undefined) return { kind: 'absent', reason: 'no_such_name' };
      const end = clock.monotonicMs() + limitMs;
      let failed = false;
      for (let round = 0; round < ROUNDS; round += 1) {
        for (const server of listServers(options)) {
          const left = end - clock.monotonicMs();
          if (left <= 0) return { kind: 'no_answer', reason: failed ? 'server_failure' : 'timeout' };
          const question = encodeQuestion(entropy.bytes(2).readUInt16BE(), name);
          const outcome = await askServer(server, question, Math.min(timeoutMs, left));
          const answer = toAnswer(outcome);
          if (answer !== undefined) return answer;
          failed ||= outcome.kind !== 'timeout';
        }
      }
      return { kind: 'no_answer', reason: failed ? 'server_failure' : 'timeout' };
    },
  };
}
