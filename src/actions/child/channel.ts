/**
 * The two pipes between this process and the server. They carry complete messages. Writes are synchronous, so that a
 * message is sent even if the next statement never returns.
 */
import { Socket } from 'node:net';
import { FrameReader } from '../frames.js';
import type { FromChild, ToChild } from '../protocol.js';
import { INBOUND_FD, OUTBOUND_FD } from '../protocol.js';
import {
  bufferFrom,
  byteLength,
  exit,
  parseJson,
  stringifyJson,
  subarray,
  writeManyTo,
  writeTo,
} from './primordials.js';

function writeAll(bytes: Uint8Array, length: number): void {
  let written = 0;
  while (written < length) written += writeTo(OUTBOUND_FD, bytes, written, length - written);
}

/**
 * Messages that are sent together with the next one, so that the server wakes up only once. Each has two entries:
 * header and body.
 */
let held: Uint8Array[] = [];
let heldBytes = 0;

/** Keeps JSON text to send it with the next message. */
function holdText(text: string): void {
  const length = byteLength(text);
  const header = bufferFrom([length >>> 24, (length >>> 16) & 255, (length >>> 8) & 255, length & 255]);
  held[held.length] = header;
  held[held.length] = bufferFrom(text, 'utf8');
  heldBytes += header.length + length;
}

/** Sends JSON text. */
export function sendText(text: string): void {
  holdText(text);
  const buffers = held;
  let left = writeManyTo(OUTBOUND_FD, buffers);
  const isWhole = left === heldBytes;
  held = [];
  heldBytes = 0;
  // The first write stops where the pipe is full; this loop writes the rest.
  for (let index = 0; index < buffers.length && !isWhole; index += 1) {
    const buffer = buffers[index] as Uint8Array;
    if (left < buffer.length) writeAll(left === 0 ? buffer : subarray(buffer, left), buffer.length - left);
    left = left > buffer.length ? left - buffer.length : 0;
  }
}

/** Sends a message, which must be plain data. */
export function send(message: FromChild): void {
  sendText(stringifyJson(message));
}

/** Keeps a message and sends it together with the next one, which must follow immediately. */
export function sendWithNext(message: FromChild): void {
  holdText(stringifyJson(message));
}

/**
 * Calls `receive` for each message of the server. When the server is gone, nobody could stop this process any more, so
 * it exits.
 */
export function listen(receive: (message: ToChild) => void): void {
  const socket = new Socket({ fd: INBOUND_FD, readable: true, writable: false });
  // The reader has no size limit, because the server's messages may have any length.
  const reader = new FrameReader(Number.POSITIVE_INFINITY);
  socket.on('data', (chunk: Buffer) => {
    for (const body of reader.read(chunk)) receive(parseJson(body.toString('utf8')) as ToChild);
  });
  socket.on('end', () => exit(0));
  socket.on('error', () => exit(0));
}
