/**
 * Parses `multipart/form-data` (RFC 7578) for the one endpoint that accepts a file. The body was read completely
 * before, so its size is limited. Never writes a file, never guesses at malformed input.
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

/** Maximum bytes of a part that is not a file. Such parts are ids and flags. */
const MAX_FIELD_BYTES = 1_024;
/** Limits of a form. Attack: a body of many tiny parts costs its sender little and keeps the parser busy. */
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
    // Attack: with two parts of the same name, the check could read one and the operation the other.
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

/** Parses a body into its parts. Throws 400 for a body that is not a form, has too many parts, or repeats a name. */
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
