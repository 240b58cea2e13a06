/**
 * A name server of the demo, on a free UDP port of loopback. It knows the TXT records that somebody published on the stage,
 * because `acme.example` is nobody's in the real world. Other names it asks the system for. Only for proofs of domains.
 */
import { createSocket } from 'node:dgram';
import { resolveTxt } from 'node:dns/promises';

const HEADER = 12;
const TXT = 16;
/** RCODEs of RFC 1035: no error, the server failed, no such name, not implemented. */
const CODES = { fine: 0, failed: 2, noName: 3, notThere: 4 } as const;

export interface NameServer {
  /** `address:port`. */
  readonly address: string;
  publish(host: string, text: string): void;
  stop(): Promise<void>;
}

interface Question {
  readonly name: string;
  readonly type: number;
  readonly end: number;
}

function readQuestion(message: Buffer): Question {
  const labels: string[] = [];
  let at = HEADER;
  for (let length = message.readUInt8(at); length > 0; length = message.readUInt8(at)) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: message.readUInt16BE(at + 1), end: at + 5 };
}

/** Returns the record; its name is a pointer to the question. */
function toRecord(pieces: readonly string[]): Buffer {
  const data = Buffer.concat(
    pieces.flatMap((piece) => [Buffer.from([Buffer.byteLength(piece)]), Buffer.from(piece, 'utf8')]),
  );
  const fixed = Buffer.alloc(12);
  fixed.writeUInt16BE(0xc000 | HEADER, 0);
  fixed.writeUInt16BE(TXT, 2);
  fixed.writeUInt16BE(1, 4);
  fixed.writeUInt16BE(data.length, 10);
  return Buffer.concat([fixed, data]);
}

function toAnswer(asked: Buffer, end: number, code: number, records: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(HEADER);
  asked.copy(header, 0, 0, 2);
  header.writeUInt16BE(0x8180 | code, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  return Buffer.concat([header, asked.subarray(HEADER, end), ...records]);
}

async function findElsewhere(name: string): Promise<{ code: number; records: readonly (readonly string[])[] }> {
  try {
    return { code: CODES.fine, records: await resolveTxt(name) };
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ENODATA') return { code: CODES.fine, records: [] };
    return { code: code === 'ENOTFOUND' ? CODES.noName : CODES.failed, records: [] };
  }
}

/** Starts it. `domains` are those that it alone answers for, with the names below them. */
export async function startNameServer(domains: readonly string[]): Promise<NameServer> {
  const published = new Map<string, string>();
  const isOurs = (name: string) => domains.some((domain) => name === domain || name.endsWith(`.${domain}`));
  const find = async ({ name, type }: Question) => {
    if (type !== TXT) return { code: CODES.notThere, records: [] };
    const text = published.get(name);
    if (text !== undefined) return { code: CODES.fine, records: [[text]] };
    return isOurs(name) ? { code: CODES.noName, records: [] } : findElsewhere(name);
  };
  const socket = createSocket('udp4');
  socket.on('message', async (asked, from) => {
    try {
      const question = readQuestion(asked);
      const { code, records } = await find(question);
      socket.send(toAnswer(asked, question.end, code, records.map(toRecord)), from.port, from.address);
    } catch {
      // A message that is no question gets no answer.
    }
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${socket.address().port}`,
    publish: (host, text) => published.set(host.toLowerCase(), text),
    stop: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}
