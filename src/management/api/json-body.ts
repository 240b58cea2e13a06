/** Parses a JSON body from its bytes. Knows no operation; the schema checks the content. */
import { badBody } from './errors.js';

/**
 * Parses a JSON body; undefined for an empty one. Throws 400. Strict UTF-8: a broken sequence is refused, not replaced.
 */
export function parseJson(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw badBody('The body is not valid UTF-8');
  }
  try {
    return JSON.parse(text);
  } catch {
    throw badBody('Invalid request payload JSON format');
  }
}
