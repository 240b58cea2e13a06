/** Sends the questions of `vestibule doctor` to the server's public address. Only doctor.ts imports this. */
import type { Config } from '../../config/config.js';
import type { Clock } from '../../kernel/clock.js';
import type { SecretBox } from '../../kernel/seal.js';
import type { OutsideFacts, SeenRequest } from '../../ports/examiner.js';
import { SEEN_PATH, sealSeenQuestion } from '../../ports/seen-question.js';
import { askOwnServer, ConnectionFailed, type OwnAnswer, readShownEnd } from '../../tenant-tools/remote/own-server.js';

/** An address of a network for documentation (RFC 5737), which nobody has. */
const MADE_UP = '203.0.113.77';

/** Addresses that mean all of the machine's addresses, and the one to connect to instead. */
const OF_ALL: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** True if a server listens at HOST and PORT. A TLS failure counts as yes: the connection was accepted. */
async function isRunning({ host, port, tls }: Config): Promise<boolean> {
  if (port === 0) return false;
  const address = OF_ALL[host] ?? host;
  const place = address.includes(':') ? `[${address}]` : address;
  try {
    await askOwnServer(`${tls ? 'https' : 'http'}://${place}:${port}`, '/health/live', {});
    return true;
  } catch (error) {
    return error instanceof ConnectionFailed && error.kind === 'tls';
  }
}

function isSeen(answer: OwnAnswer): answer is OwnAnswer & { readonly body: SeenRequest } {
  const { body, status } = answer;
  return status === 200 && typeof body === 'object' && body !== null && 'isPeerTrusted' in body;
}

async function ask(origin: string, tickets: SecretBox, clock: Clock): Promise<OutsideFacts> {
  try {
    const certificateEnds = await readShownEnd(origin);
    const headers = { authorization: `Bearer ${sealSeenQuestion(tickets, clock.now())}` };
    const plain = await askOwnServer(origin, SEEN_PATH, headers);
    if (!isSeen(plain)) return { kind: 'stranger', status: plain.status };
    const now = clock.now().getTime();
    const forged = await askOwnServer(origin, SEEN_PATH, { ...headers, 'x-forwarded-for': MADE_UP });
    if (!isSeen(forged)) return { kind: 'stranger', status: forged.status };
    // The header has whole seconds, so half a second is added.
    const aheadMs = plain.date && plain.date.getTime() + 500 - now;
    return { kind: 'seen', plain: plain.body, forged: forged.body, madeUp: MADE_UP, aheadMs, certificateEnds };
  } catch (error) {
    if (error instanceof ConnectionFailed) return { kind: error.kind, reason: error.message };
    throw error;
  }
}

/** Asks the server; `tickets` is the box that seals the question. */
export async function askFromOutside(config: Config, tickets: SecretBox, clock: Clock) {
  return { isRunning: await isRunning(config), outside: await ask(config.origin, tickets, clock) };
}
