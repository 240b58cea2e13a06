/**
 * The frames in which server and process send messages over a pipe: four bytes of length, then JSON. Does not read the
 * content.
 */

const HEADER_BYTES = 4;

/**
 * Splits a stream into messages. Throws RangeError on a length above `maxBytes`, before any of that message is kept.
 * Attack: a forged length makes this server collect gigabytes.
 */
export class FrameReader {
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(readonly maxBytes: number) {}

  /** Adds a chunk of the stream and returns the messages that it completes. */
  read(chunk: Buffer): readonly Buffer[] {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    const messages: Buffer[] = [];
    for (;;) {
      if (this.#bytes < HEADER_BYTES) return messages;
      const first = this.#chunks[0];
      const all = first !== undefined && this.#chunks.length > 1 && first.length < HEADER_BYTES ? this.#join() : first;
      const length = (all ?? Buffer.alloc(HEADER_BYTES)).readUInt32BE(0);
      if (length > this.maxBytes) throw new RangeError(`a message of ${length} bytes`);
      if (this.#bytes < HEADER_BYTES + length) return messages;
      const whole = this.#join();
      messages.push(whole.subarray(HEADER_BYTES, HEADER_BYTES + length));
      const rest = whole.subarray(HEADER_BYTES + length);
      this.#chunks = rest.length === 0 ? [] : [rest];
      this.#bytes = rest.length;
    }
  }

  #join(): Buffer {
    const all = Buffer.concat(this.#chunks);
    this.#chunks = [all];
    return all;
  }
}

/** Encodes a message as bytes, preceded by its length. */
export function toFrame(message: object): Buffer {
  const body = Buffer.from(JSON.stringify(message), 'utf8');
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32BE(body.length);
  return Buffer.concat([header, body]);
}
