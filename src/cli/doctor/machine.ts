/** Judges the machine: its clock, and whether processes for Actions start. */
import type { ActionFacts, ConnectionFacts, DatabaseFacts, OutsideFacts } from '../../ports/examiner.js';
import { type Finding, findingsOf } from './finding.js';

/** Smallest reported clock skew: answers take a moment, and the header Date has whole seconds. */
const NOTICED_MS = 5_000;
/** Clock skew above which tokens, codes and invitations count as expired, so that sign-ins fail. */
const HARMFUL_MS = 60_000;

const CHANGE = 'Let a time service (chrony, systemd-timesyncd) set the clocks of all machines.';

/** Judges the skew between this machine's clock and others'. A fact that could not be read is undefined. */
export function judgeClock(
  database: Pick<DatabaseFacts, 'aheadMs'> | undefined,
  outside: OutsideFacts | undefined,
  connections: readonly Pick<ConnectionFacts, 'aheadMs'>[],
): readonly Finding[] {
  const { ok, warn, fail, skip } = findingsOf('clock');
  const judge = (whose: string, aheadMs: number): readonly Finding[] => {
    if (Math.abs(aheadMs) < NOTICED_MS) return [];
    const words = `${whose} is ${Math.round(Math.abs(aheadMs) / 1_000)} seconds ${aheadMs > 0 ? 'ahead of' : 'behind'} this machine.`;
    return [Math.abs(aheadMs) < HARMFUL_MS ? warn(words, CHANGE) : fail(words, CHANGE)];
  };
  const aheads = connections.flatMap(({ aheadMs }) => (aheadMs === undefined ? [] : [aheadMs])).sort((a, b) => a - b);
  // The median of at least three providers: one provider may have a wrong clock, but not most of them.
  const middle = aheads.length >= 3 ? aheads[Math.floor(aheads.length / 2)] : undefined;
  const answered = outside?.kind === 'seen' ? outside.aheadMs : undefined;
  const compared: readonly (readonly [string, string, number | undefined])[] = [
    ['the database', 'The clock of the database', database?.aheadMs],
    ['the public address', 'The clock at the public address', answered],
    ['identity providers', 'The clock of most identity providers', middle],
  ];
  const known = compared.filter(([, , aheadMs]) => aheadMs !== undefined);
  if (known.length === 0) return [skip('There was no other clock to compare with.')];
  const worries = known.flatMap(([, whose, aheadMs]) => judge(whose, aheadMs ?? 0));
  return worries.length > 0 ? worries : [ok(`Agrees with ${known.map(([name]) => name).join(', ')}.`)];
}

/** Judges how an empty Action ran in a trial. */
export function judgeActions({ failure, missing }: ActionFacts): readonly Finding[] {
  const { ok, warn, fail } = findingsOf('actions');
  if (failure !== undefined)
    return [
      fail(
        `A process for Actions does not run: ${failure}.`,
        'Look at limits of memory and processes (systemd, container): such a process may take 256 MB (docs/actions.md).',
      ),
    ];
  // A missing account is not reported: a service should not run as root, and only root can run processes under another
  // account.
  const lacked = missing.filter((means) => !means.startsWith('an account'));
  if (lacked.length > 0)
    return [
      warn(
        `Processes for Actions run without ${lacked.join(', without ')}.`,
        'Run the server on Linux with /bin/sh and /proc: an Action that takes too much then harms nobody else.',
      ),
    ];
  const note = missing.length > 0 ? `, without ${missing.join(', without ')}` : '';
  return [ok(`A process for Actions starts and answers${note}.`)];
}
