/**
 * DNS messages (RFC 1035 section 4), as far as a question for TXT records needs them. Node's resolver returns every TXT
 * record of an answer, whatever its name. Here a record counts only under the name that was asked for, or under one
 * that the answer's aliases (CNAME) lead to. Never trusts a length or a pointer of the message. No I/O.
 */

export const TYPE_TXT = 16;
const TYPE_CNAME = 5;
const CLASS_IN = 1;
const HEADER_BYTES = 12;
/** Maximum number of aliases followed in one answer; more are a loop. */
const MOST_ALIASES = 8;
/** Maximum number of parts of a name: it has 127 labels at most, and each pointer begins another part. */
const MOST_PARTS = 128;
/** Maximum number of TXT records read from one answer; a domain's verification name has one. */
export const MOST_TEXTS = 100;
/** Largest answer, in bytes. DNS allows 64 kB; a verification name has one record of about fifty bytes. */
export const MOST_BYTES = 16_384;

/** A name as in an uncompressed message, in lower case, so that equal names are equal strings. */
type WireName = string;

/** Encodes an absolute name of ASCII labels; undefined for any other text (RFC 1035 section 3.1). */
export function encodeName(name: string): Buffer | undefined {
  const labels = name.split('.');
  if (labels.some((label) => label === '' || label.length > 63 || !/^[\x21-\x7e]+$/.test(label))) return undefined;
  const parts = labels.flatMap((label) => [Buffer.from([label.length]), Buffer.from(label, 'latin1')]);
  const bytes = Buffer.concat([...parts, Buffer.from([0])]);
  return bytes.length > 255 ? undefined : bytes;
}

/** Encodes a question for TXT records, recursion desired. `id` is random, 0 to 65535: an answer must repeat it. */
export function encodeQuestion(id: number, name: Buffer): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(id, 0);
  header.writeUInt16BE(0x0100, 2);
  header.writeUInt16BE(1, 4);
  return Buffer.concat([header, name, Buffer.from([0, TYPE_TXT, 0, CLASS_IN])]);
}

/** Lower-cases letters only. Length bytes are below the letters, so they do not change. */
function lowerCase(bytes: Buffer): WireName {
  return bytes.toString('latin1').replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/**
 * Reads the name at `at`; `end` is where the message continues. Throws {@link RangeError} for a name without an end.
 */
function readName(message: Buffer, at: number): { name: WireName; end: number } {
  const parts: Buffer[] = [];
  let end: number | undefined;
  let bytes = 1;
  for (let count = 0; count < MOST_PARTS; count += 1) {
    const length = message.readUInt8(at);
    if (length >= 0xc0) {
      const target = message.readUInt16BE(at) & 0x3fff;
      end ??= at + 2;
      // Attack: a pointer that leads to itself is an endless loop, so pointers may only lead backwards.
      if (target >= at) throw new RangeError('a pointer leads forward');
      at = target;
      continue;
    }
    if (length > 63) throw new RangeError('a label of an unknown kind');
    if (length === 0) return { name: lowerCase(Buffer.concat([...parts, Buffer.from([0])])), end: end ?? at + 1 };
    bytes += length + 1;
    if (at + 1 + length > message.length || bytes > 255) throw new RangeError('a name is too long');
    parts.push(message.subarray(at, at + 1 + length));
    at += 1 + length;
  }
  throw new RangeError('a name has too many parts');
}

/** Joins the pieces of a TXT record without a separator (RFC 7208 section 3.3). */
function readText(data: Buffer): string {
  let text = '';
  for (let at = 0; at < data.length; ) {
    const length = data.readUInt8(at);
    if (at + 1 + length > data.length) throw new RangeError('a piece of text is longer than its record');
    text += data.toString('latin1', at + 1, at + 1 + length);
    at += 1 + length;
  }
  return text;
}

interface Sections {
  readonly texts: ReadonlyMap<WireName, readonly string[]>;
  readonly aliases: ReadonlyMap<WireName, WireName>;
}

function readAnswers(message: Buffer, begin: number, count: number): Sections {
  const texts = new Map<WireName, string[]>();
  const aliases = new Map<WireName, WireName>();
  let at = begin;
  for (let index = 0; index < count; index += 1) {
    const { name, end } = readName(message, at);
    const type = message.readUInt16BE(end);
    const isInternet = message.readUInt16BE(end + 2) === CLASS_IN;
    const data = end + 10;
    at = data + message.readUInt16BE(end + 8);
    if (at > message.length) throw new RangeError('a record is longer than the message');
    if (isInternet && type === TYPE_CNAME) aliases.set(name, readName(message, data).name);
    if (!isInternet || type !== TYPE_TXT) continue;
    const list = texts.get(name) ?? [];
    list.push(readText(message.subarray(data, at)));
    texts.set(name, list);
  }
  return { texts, aliases };
}

/** Returns the texts under `name`, or under the name to which its aliases lead. */
function textsOf(name: WireName, { texts, aliases }: Sections): readonly string[] {
  let current = name;
  for (let count = 0; count <= MOST_ALIASES; count += 1) {
    const found = texts.get(current);
    if (found !== undefined) return found;
    const next = aliases.get(current);
    if (next === undefined) return [];
    current = next;
  }
  return [];
}

/**
 * Kinds of messages. `not_ours`: not an answer to this question, so the real one may still come. `cut`: truncated, ask
 * again over TCP.
 */
export type Reading =
  | { readonly kind: 'not_ours' | 'cut' | 'no_such_name' | 'server_failure' | 'too_much' }
  | { readonly kind: 'texts'; readonly texts: readonly string[] };

function isAnswerTo(message: Buffer, question: Buffer): boolean {
  if (message.length < question.length || message.readUInt16BE(0) !== question.readUInt16BE(0)) return false;
  const isResponse = (message.readUInt16BE(2) & 0xf800) === 0x8000;
  return (
    isResponse &&
    message.readUInt16BE(4) === 1 &&
    lowerCase(message.subarray(HEADER_BYTES, question.length)) === lowerCase(question.subarray(HEADER_BYTES))
  );
}

/** Reads a message received after `question` was sent. An unreadable message is `server_failure`. */
export function readAnswer(message: Buffer, question: Buffer): Reading {
  // Attack: a stranger sends a forged answer. It must guess the random id and repeat the question.
  if (!isAnswerTo(message, question)) return { kind: 'not_ours' };
  if (message.length > MOST_BYTES) return { kind: 'too_much' };
  const flags = message.readUInt16BE(2);
  if ((flags & 0x0200) !== 0) return { kind: 'cut' };
  const code = flags & 0x000f;
  if (code === 3) return { kind: 'no_such_name' };
  if (code !== 0) return { kind: 'server_failure' };
  try {
    const asked = lowerCase(question.subarray(HEADER_BYTES, question.length - 4));
    const texts = textsOf(asked, readAnswers(message, question.length, message.readUInt16BE(6)));
    return texts.length > MOST_TEXTS ? { kind: 'too_much' } : { kind: 'texts', texts };
  } catch (error) {
    if (error instanceof RangeError) return { kind: 'server_failure' };
    throw error;
  }
}
