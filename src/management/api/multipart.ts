/**
 * Parses `multipart/form-data` (RFC 7578) for the one endpoint that accepts a file. Works on a body that was read as a
 * whole, and is therefore bounded. Never writes a file, never guesses at malformed input.
 */
import { Busboy } from '@fastify/busboy';
import { badBody } from './errors.js';

/** A parsed form, in which every name is unique. */
export class MultipartForm {
  constructor(
    readonly fields: ReadonlyMap<string, string>,
    readonly files: ReadonlyMap<string, Buffer>,
  ) {}
}

/** Maximum bytes of a part without a file: ids and flags. */
const MAX_FIELD_BYTES = 1_024;
/** Limits of a form. Attack: many tiny parts cheaply keep the parser busy. */
const LIMITS = {
  fieldNameSize: 100,
  fieldSize: MAX_FIELD_BYTES,
  fields: 20,
  files: 4,
  parts: 24,
  headerPairs: 20,
  headerSize: 8_192,
};

const invalid = () => badBody("Payload validation error: 'Invalid multipart payload format'.");

function collect(busboy: InstanceType<typeof Busboy>, refuse: (error: Error) => void): MultipartForm {
  const fields = new Map<string, string>();
  const files = new Map<string, Buffer>();
  const taken = (name: string) => fields.has(name) || files.has(name);
  busboy.on('field', (name, value, nameTruncated, valueTruncated) => {
    // Attack: of two parts with one name, the check could read the first and the code the second.
    if (nameTruncated || taken(name)) return refuse(invalid());
    if (valueTruncated) return refuse(badBody(`The part ${name} takes at most ${MAX_FIELD_BYTES} bytes.`));
    fields.set(name, value);
  });
  busboy.on('file', (name, stream) => {
    if (taken(name)) refuse(invalid());
    const chunks: Buffer[] = [];
    files.set(name, Buffer.alloc(0));
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('error', () => refuse(invalid()));
    stream.on('end', () => files.set(name, Buffer.concat(chunks)));
  });
  return new MultipartForm(fields, files);
}

/** Returns the parts of a body. Throws 400 for a body that is no form, has too many parts, or repeats one. */
export function parseMultipart(contentType: string, body: Buffer): Promise<MultipartForm> {
  return new Promise((resolve, reject) => {
    let busboy: InstanceType<typeof Busboy>;
    try {
      busboy = new Busboy({ headers: { 'content-type': contentType }, limits: LIMITS });
    } catch {
      reject(invalid());
      return;
    }
    const form = collect(busboy, reject);
    for (const event of ['partsLimit', 'filesLimit', 'fieldsLimit', 'error'] as const) {
      busboy.on(event, () => reject(invalid()));
    }
    busboy.on('finish', () => resolve(form));
    busboy.end(body);
  });
}
