/** The sealed secrets of a log stream, for the directory and the worker. */
import type { LogStreamSecrets } from '../../domain/log-stream.js';
import type { SecretBox } from '../../kernel/seal.js';

const context = (id: string) => `log_streams:${id}:secrets`;

/** Seals headers and keys. The row's id is authenticated: secrets moved to another stream do not open. */
export function sealStreamSecrets(box: SecretBox, id: string, secrets: LogStreamSecrets): Buffer {
  const { authorization, headers, signingSecret } = secrets;
  return box.seal(JSON.stringify({ authorization, headers, signingSecret }), context(id));
}

/** Returns the secrets of a row, or undefined when they were sealed under another key or changed. */
export function openStreamSecrets(
  box: SecretBox,
  row: { readonly id: string; readonly secrets_sealed: Uint8Array },
): LogStreamSecrets | undefined {
  const opened = box.open(row.secrets_sealed, context(row.id));
  if (opened === undefined) return undefined;
  const { authorization, headers, signingSecret } = JSON.parse(opened) as LogStreamSecrets;
  return { authorization, headers, signingSecret };
}
