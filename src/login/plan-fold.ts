/**
 * Says which sign-ins need no line of their own: the browser's session answered, and nothing differs from the sign-in before. Attack: one
 * signed-in person sends `prompt=none` in a loop, and the log grows by gigabytes. The commit decides (`src/storage/login-store/fold-parts.ts`),
 * since it alone sees the session's last line; here is only the comparison. Never names a sign-in that changes anything.
 */
import { createHash } from 'node:crypto';
import { type Entropy, newLogId } from '../kernel/ids.js';
import type { CommitPlan } from '../ports/login-store.js';
import type { ActionExecution } from './stages.js';
import type { Trace } from './trace.js';

/** The facts of an Action's run that an administrator reads, without its times. */
function toSaid({ trigger, end, reason, results }: ActionExecution): unknown {
  const said = results.map(({ versionId, console, error }) => [versionId, console, error?.message]);
  return [trigger, end, reason, said];
}

const isJustASignIn = (plan: CommitPlan): boolean =>
  plan.session.kind === 'existing' &&
  plan.log.length === 1 &&
  plan.bind === undefined &&
  plan.newUser === undefined &&
  plan.membership === undefined &&
  plan.password === undefined &&
  plan.consumeInvitationId === undefined;

/** For a sign-in by the browser's session that changes nothing: what has to be equal for two of them to be one line. Undefined for all others. */
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
