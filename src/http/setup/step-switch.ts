/**
 * The last step: enables the connection for a pilot group or for all, or disables it. Before each choice the page says
 * what it will do.
 */
import type { FastifyReply } from 'fastify';
import { parseEmail } from '../../domain/people/email.js';
import { ManagementError } from '../../management/api/errors.js';
import type { FieldError, SetupBody } from '../pages/models.js';
import { describeFormerPeople } from './former-people.js';
import { missingFor, progressOf, type SetupProgress } from './progress.js';
import { switchOff, switchOn } from './put-into-use.js';
import type { Visit } from './session.js';
import { show } from './show.js';

type Fields = Readonly<Record<string, string>>;
type Target = SetupProgress['state'];

const MAX_PILOT = 1_000;

function parseTarget(text: string | undefined): Target | undefined {
  return (['off', 'pilot', 'all'] as const).find((one) => one === text);
}

/** Returns sentences about the changes that people will notice. */
function effectsOf({ setup }: Visit, { routed }: SetupProgress): readonly string[] {
  const domains = routed.join(', ');
  return [
    routed.length > 0
      ? `People who type an address of ${domains} are led to your provider.`
      : 'No address leads to your provider: people choose it with a button.',
    'Members keep their account, their roles and their password; with a verified address they are recognized at your provider.',
    setup.config.assignMembershipOnLogin
      ? 'Everybody whom your provider signs in becomes a member.'
      : 'Nobody becomes a member by this: people who are not members have to be invited.',
  ];
}

async function switchBody(
  visit: Visit,
  progress: SetupProgress,
  typed: Partial<{ to: Target; pilot: string }> = {},
): Promise<SetupBody> {
  return {
    step: 'switch',
    state: progress.state,
    chosen: typed.to ?? (progress.state === 'off' ? 'pilot' : progress.state),
    pilot: typed.pilot ?? progress.enablement?.pilotEmails.join('\n') ?? '',
    missing: missingFor(visit, progress),
    warning: await describeFormerPeople(visit, progress),
    effects: effectsOf(visit, progress),
    isChanged: progress.isChanged,
  };
}

/** Sends the page of the last step (GET). */
export async function showSwitch(visit: Visit, progress: SetupProgress): Promise<FastifyReply> {
  return show(visit, progress, await switchBody(visit, progress));
}

function readPilot(text: string): { readonly pilot: readonly string[] } | { readonly error: string } {
  const lines = text
    .split(/[\s,;]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const wrong = lines.find((line) => parseEmail(line) === undefined);
  if (wrong !== undefined) return { error: `${wrong.slice(0, 100)} is not an address.` };
  if (lines.length === 0) return { error: 'Type the address of at least one person, your own for example.' };
  if (lines.length > MAX_PILOT) return { error: `A pilot group has at most ${MAX_PILOT} people.` };
  return { pilot: lines };
}

const DONE: Readonly<Record<Target, string>> = {
  off: 'Switched off. People sign in as they did before.',
  pilot: 'Switched on for the pilot group. Everybody else signs in as before.',
  all: 'Switched on for everybody.',
};

/** Handles the POST of the last step's page. */
export async function change(visit: Visit, progress: SetupProgress, fields: Fields): Promise<FastifyReply> {
  const { pilot: text = '' } = fields;
  const to = parseTarget(fields.to);
  const again = async (errors: readonly FieldError[]) =>
    show(visit, progress, await switchBody(visit, progress, { ...(to && { to }), pilot: text }), { errors });
  if (to === undefined) return again([{ field: 'to', message: 'Choose one of the three.' }]);
  const [missing] = missingFor(visit, progress);
  if (to !== 'off' && missing !== undefined) return again([{ field: '', message: missing }]);
  if (to === 'pilot' && progress.routed.length === 0)
    return again([
      { field: 'to', message: 'A pilot group needs a verified domain: without one nobody is led to your provider.' },
    ]);
  const read = to === 'pilot' ? readPilot(text) : { pilot: [] };
  if ('error' in read) return again([{ field: 'pilot', message: read.error }]);
  try {
    if (to === 'off') await switchOff(visit, progress);
    else await switchOn(visit, progress, read.pilot);
  } catch (error) {
    if (!(error instanceof ManagementError)) throw error;
    return again([{ field: '', message: error.message }]);
  }
  const after = {
    ...visit,
    setup: (await visit.deps.directory.selfService.findSetup(visit.setup.id))?.setup ?? visit.setup,
  };
  const now = await progressOf(after);
  return show(after, now, await switchBody(after, now, { to }), { notice: DONE[to] });
}
