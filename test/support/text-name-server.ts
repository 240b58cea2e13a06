/**
 * A name server of the tests, over UDP and TCP of loopback, with messages made by hand (RFC 1035). It answers what it is told, the wrong
 * things included: other names, loops, pieces cut off, nothing.
 */
import { createSocket } from 'node:dgram';
import { createServer, type Socket } from 'node:net';

const TYPES = { CNAME: 5, TXT: 16, A: 1 } as const;

export interface TextRecord {
  readonly name: string;
  readonly type: keyof typeof TYPES;
  readonly data: Buffer;
}

/** The reply to one question; `silent` sends none. */
export interface TextReply {
  readonly records?: readonly TextRecord[];
  /** RCODE: 0 is no error, 2 SERVFAIL, 3 NXDOMAIN, 5 REFUSED. */
  readonly code?: number;
  readonly silent?: true;
  /** Over UDP only the hint to ask over TCP. */
  readonly cut?: true;
  /** The question as the answer repeats it, if not as it came. */
  readonly question?: string;
  /** The id as the answer repeats it, if not as it came. */
  readonly id?: number;
  /** Over TCP: this in place of the message with its length. */
  readonly raw?: (message: Buffer, socket: Socket) => void;
  /** Sent before the answer, over UDP. */
  readonly before?: TextReply;
  /** Changes the message before it is sent. */
  readonly spoil?: (message: Buffer) => Buffer;
}

export interface TextNameServer {
  /** `address:port`. */
  readonly address: string;
  /** Names that were asked for, as they came, with the transport. */
  readonly questions: string[];
  /** Sets its answers from now on. */
  answer(reply: (name: string) => TextReply): void;
  stop(): Promise<void>;
}

export function encode(name: string): Buffer {
  const labels = name.split('.').flatMap((label) => [Buffer.from([label.length]), Buffer.from(label, 'latin1')]);
  return Buffer.concat([...labels, Buffer.from([0])]);
}

/** A TXT record; its text in pieces. */
export function txt(name: string, ...pieces: string[]): TextRecord {
  const data = pieces.flatMap((piece) => [Buffer.from([piece.length]), Buffer.from(piece, 'latin1')]);
  return { name, type: 'TXT', data: Buffer.concat(data) };
}

export const cname = (name: string, target: string): TextRecord => ({ name, type: 'CNAME', data: encode(target) });

function toBytes({ name, type, data }: TextRecord): Buffer {
  const fixed = Buffer.alloc(10);
  fixed.writeUInt16BE(TYPES[type], 0);
  fixed.writeUInt16BE(1, 2);
  fixed.writeUInt32BE(60, 4);
  fixed.writeUInt16BE(data.length, 8);
  return Buffer.concat([encode(name), fixed, data]);
}

function readQuestion(message: Buffer): { name: string; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = message.readUInt8(at); length > 0; length = message.readUInt8(at)) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.'), end: at + 5 };
}

function toMessage(asked: Buffer, end: number, reply: TextReply, over: 'udp' | 'tcp'): Buffer {
  const { records = [], code = 0 } = reply;
  const isCut = over === 'udp' && reply.cut === true;
  const header = Buffer.alloc(12);
  header.writeUInt16BE(reply.id ?? asked.readUInt16BE(0), 0);
  header.writeUInt16BE(0x8180 | (isCut ? 0x0200 : 0) | code, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(isCut ? 0 : records.length, 6);
  const question =
    reply.question === undefined
      ? asked.subarray(12, end)
      : Buffer.concat([encode(reply.question), Buffer.from([0, 16, 0, 1])]);
  const message = Buffer.concat([header, question, ...(isCut ? [] : records.map(toBytes))]);
  return reply.spoil?.(message) ?? message;
}

function answerOverTcp(reply: (asked: Buffer) => { message: Buffer; raw: TextReply['raw'] } | undefined) {
  return (socket: Socket): void => {
    let bytes: Buffer = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      if (bytes.length < 2 || bytes.length < 2 + bytes.readUInt16BE(0)) return;
      const answer = reply(bytes.subarray(2));
      if (answer === undefined) return;
      if (answer.raw !== undefined) return answer.raw(answer.message, socket);
      const length = Buffer.alloc(2);
      length.writeUInt16BE(answer.message.length);
      socket.write(Buffer.concat([length, answer.message]));
    });
  };
}

export async function startTextNameServer(): Promise<TextNameServer> {
  const questions: string[] = [];
  let answer: (name: string) => TextReply = () => ({ code: 3 });
  const reply = (asked: Buffer, over: 'udp' | 'tcp') => {
    const { name, end } = readQuestion(asked);
    questions.push(`${over} ${name}`);
    return { told: answer(name.toLowerCase()), end };
  };
  const sockets = new Set<Socket>();
  const tcp = createServer(
    answerOverTcp((asked) => {
      const { told, end } = reply(asked, 'tcp');
      return told.silent ? undefined : { message: toMessage(asked, end, told, 'tcp'), raw: told.raw };
    }),
  );
  tcp.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
  const { port } = tcp.address() as { port: number };
  const udp = createSocket('udp4');
  udp.on('message', (asked, from) => {
    const { told, end } = reply(asked, 'udp');
    for (const one of [told.before, told])
      if (one && !one.silent) udp.send(toMessage(asked, end, one, 'udp'), from.port, from.address);
  });
  await new Promise<void>((resolve) => udp.bind(port, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${port}`,
    questions,
    answer: (next) => {
      answer = next;
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => udp.close(() => resolve()));
      await new Promise((resolve) => tcp.close(resolve));
    },
  };
}
