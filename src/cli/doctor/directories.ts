/** Judges whether directories (SCIM) are refused in the same way again. Pure. */
import { SCIM_REFUSALS, SCIM_REPEAT_DAYS } from '../../facts/scim-refusals.js';
import type { RepeatedScimRefusal } from '../../ports/examiner.js';
import { type Finding, findingsOf } from './finding.js';

const { ok, warn } = findingsOf('directories');

function adviceFor(code: string, connection: string): string {
  const row = Object.entries(SCIM_REFUSALS).find(([name]) => name === code)?.[1];
  const advice = row?.do.replaceAll('{connection}', connection) ?? 'Read the reason.';
  return `${advice} docs/guides/scim.md has the reasons.`;
}

/**
 * Warns of each directory that was refused repeatedly for the same reason. Its changes, for example that a person has
 * left, do not arrive here.
 */
export function judgeDirectories(refusals: readonly RepeatedScimRefusal[]): readonly Finding[] {
  if (refusals.length === 0) return [ok(`No directory was refused again in the last ${SCIM_REPEAT_DAYS} days.`)];
  return refusals.map(({ connection = 'a deleted connection', code, detail, count, latest }) =>
    warn(
      `The directory of ${connection} was refused ${count} times in ${SCIM_REPEAT_DAYS} days, last at ${latest.toISOString()}: ${detail}`,
      adviceFor(code, connection),
    ),
  );
}
