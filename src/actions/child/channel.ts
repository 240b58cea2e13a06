/**
 * The two pipes to the server: whole messages in, whole messages out, at once. Writing is synchronous, so that what was said is
 * said even when the next statement never ends.
 */
import { Socket } from 'node:net';
import { FrameReader } from '../frames.js';
import type { FromChild, ToChild } from '../protocol.js';
import { INBOUND_FD, OUTBOUND_FD } from '../protocol.js';
import { bufferFrom, byteLength, exit, parseJson, stringifyJson, writeTo } from './primordials.js';

const HEADER_BYTES = 4;

function writeAll(bytes: Uint8Array, length: number): void {
  let written = 0;
  while (written < length) written += writeTo(OUTBOUND_FD, bytes, written, length - written);
}

/** Sends text that is JSON already. */
export function sendText(text: string): void {
  const length = byteLength(text);
  const header = bufferFrom([length >>> 24, (length >>> 16) & 255, (length >>> 8) & 255, length & 255]);
  writeAll(header, HEADER_BYTES);
  writeAll(bufferFrom(text, 'utf8'), length);
}

/** Sends a message whose members are plain. */
export function send(message: FromChild): void {
  sendText(stringifyJson(message));
}

/**
 * Calls `receive` for each message of the server. When the server is gone the process ends: nobody is left who could stop it.
 */
export function listen(receive: (message: ToChild) => void): void {
  const socket = new Socket({ fd: INBOUND_FD, readable: true, writable: false });
  // What the server says may be as long as it likes.
  const reader = new FrameReader(Number.POSITIVE_INFINITY);
  socket.on('data', (chunk: Buffer) => {
    for (const body of reader.read(chunk)) receive(parseJson(body.toString('utf8')) as ToChild);
  });
  socket.on('end', () => exit(0));
  socket.on('error', () => exit(0));
}
