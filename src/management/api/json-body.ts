/** Parses a JSON body from its bytes. Knows no operation and checks no content: the operation's schema does. */
import { badBody } from './errors.js';

/**
 * Parses a JSON body; returns undefined for an empty one. Throws 400, also for invalid UTF-8: an invalid sequence is
 * not replaced.
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
