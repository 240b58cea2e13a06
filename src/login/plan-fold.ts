/**
 * Finds sign-ins that may share the log line of the sign-in before: answered by the browser's session, and with nothing
 * changed. Attack: a signed-in person sends `prompt=none` in a loop, and the log grows by gigabytes. Only computes a
 * key; the commit compares it with that of the session's last line (`src/storage/login-store/fold-parts.ts`). Never
 * includes a sign-in that changes anything.
 */
import { createHash } from 'node:crypto';
import { type Entropy, newLogId } from '../kernel/ids.js';
import type { CommitPlan } from '../ports/login-store.js';
import type { ActionExecution } from './stages.js';
import type { Trace } from './trace.js';

/** Returns the facts of a run of Actions that matter in the log, without its times, which always differ. */
function toSaid({ trigger, end, reason, results }: ActionExecution): unknown {
  const said = results.map(({ versionId, console, error }) => [versionId, console, error?.message]);
  return [trigger, end, reason, said];
}

const isJustASignIn = (plan: CommitPlan): boolean =>
  plan.session.kind === 'existing' &&
  plan.log.length === 1 &&
  plan.bind === undefined &&
  plan.newUser === undefined &&
  plan.factors === undefined &&
  plan.membership === undefined &&
  plan.password === undefined &&
  plan.consumeInvitationId === undefined;

/**
 * Returns the key of a sign-in by session that changes nothing; undefined for all others. Sign-ins with equal keys
 * share one log line.
 */
export function planFold(
  plan: CommitPlan,
  { trace, executions }: { readonly trace: Trace; readonly executions: readonly ActionExecution[] },
  entropy: Entropy,
): CommitPlan['fold'] {
  const [line] = plan.log;
  if (line === undefined || !isJustASignIn(plan)) return undefined;
  const { type, clientId, organizationId, connectionId, ip, userAgent } = line;
  const facts = [type, clientId, organizationId, connectionId, ip, userAgent, trace.lines, executions.map(toSaid)];
  const key = createHash('sha256').update(JSON.stringify(facts)).digest('base64url');
  return { key, logId: newLogId(entropy, plan.at) };
}
