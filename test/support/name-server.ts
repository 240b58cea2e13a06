/** A name server on loopback that answers what it is told, and to the rest "no such name", or nothing at all. */
import { createSocket } from 'node:dgram';

const TYPES: Readonly<Record<number, 'A' | 'AAAA'>> = { 1: 'A', 28: 'AAAA' };

/** Addresses of a name, or `silent`; a missing family of a known name is "no data", an unknown name "no such name". */
export type Zone = Readonly<Record<string, { readonly A?: string; readonly AAAA?: 'silent' } | 'silent'>>;

export interface NameServer {
  /** `address:port`, as resolvers take it. */
  readonly address: string;
  /** Every question, in order: `A idp.example`. */
  readonly questions: string[];
  stop(): Promise<void>;
}

function readQuestion(message: Buffer): { name: string; type: 'A' | 'AAAA' | undefined; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = message.readUInt8(at); length > 0; length = message.readUInt8(at)) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: TYPES[message.readUInt16BE(at + 1)], end: at + 5 };
}

/** RFC 1035 section 4.1, as far as one question with one address needs it. */
function answerTo(message: Buffer, end: number, address: string | undefined, exists: boolean): Buffer {
  const answer = Buffer.from(message.subarray(0, end));
  answer.writeUInt16BE(exists ? 0x8180 : 0x8183, 2);
  answer.writeUInt16BE(address === undefined ? 0 : 1, 6);
  answer.writeUInt32BE(0, 8);
  if (address === undefined) return answer;
  const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split('.').map(Number)]);
  return Buffer.concat([answer, record]);
}

export async function startNameServer(zone: Zone): Promise<NameServer> {
  const socket = createSocket('udp4');
  const questions: string[] = [];
  socket.on('message', (message, from) => {
    const { name, type, end } = readQuestion(message);
    questions.push(`${type} ${name}`);
    const known = zone[name];
    if (known === 'silent' || type === undefined || known?.[type] === 'silent') return;
    const address = type === 'A' ? known?.A : undefined;
    socket.send(answerTo(message, end, address, known !== undefined), from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${socket.address().port}`,
    questions,
    stop: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}
