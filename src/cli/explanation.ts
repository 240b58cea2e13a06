/**
 * Parses and formats the answer of `POST /api/v2/organizations/{id}/explain`: first the outcome, then the steps as a
 * table, last the next step. Trusts nothing in it: evidence may hold text that an identity provider sent.
 */
import { findUnasked } from '../facts/unasked.js';
import type { TraceLine } from '../ports/ledger.js';
import { CommandError, EXIT } from '../terminal/exit.js';
import { type Colour, createPaint, formatTable, toPrintable, wrap } from '../terminal/lines.js';

export interface Explanation {
  readonly outcome: 'admitted' | 'refused' | 'proof_required';
  readonly rule: string;
  readonly userId: string | undefined;
  /** The rule that asks for a second factor; undefined when none does. */
  readonly factorRequired: string | undefined;
  /** How the operator lets in a stranger with a member's address, once they are sure that both are one person. */
  readonly remedy: { readonly userId: string; readonly call: string; readonly command: string | undefined } | undefined;
  readonly trace: readonly (Pick<TraceLine, 'rule' | 'evidence'> & {
    readonly stage: string;
    readonly answer: string;
  })[];
}

const OUTCOMES: readonly unknown[] = ['admitted', 'refused', 'proof_required'] satisfies Explanation['outcome'][];

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseRemedy(value: unknown): Explanation['remedy'] {
  if (!isRecord(value) || typeof value.user_id !== 'string' || typeof value.call !== 'string') return undefined;
  const { user_id: userId, call, command } = value;
  return { userId, call, command: typeof command === 'string' ? command : undefined };
}

/** Parses the answer. Throws {@link CommandError} when the server sent anything else. */
export function parseExplanation(body: unknown): Explanation {
  if (!isRecord(body) || !OUTCOMES.includes(body.outcome) || !Array.isArray(body.trace)) {
    throw new CommandError(
      EXIT.otherSide,
      'The tenant did not answer with an explanation.',
      'POST /api/v2/organizations/{id}/explain is an addition of Vestibule; an Auth0 tenant has none.',
    );
  }
  return {
    outcome: body.outcome as Explanation['outcome'],
    rule: String(body.rule ?? ''),
    userId: typeof body.user_id === 'string' ? body.user_id : undefined,
    factorRequired: typeof body.factor_required === 'string' ? body.factor_required : undefined,
    remedy: parseRemedy(body.remedy),
    trace: body.trace.filter(isRecord).map((line) => ({
      stage: String(line.stage ?? ''),
      rule: String(line.rule ?? ''),
      answer: String(line.answer ?? ''),
      evidence: isRecord(line.evidence) ? line.evidence : {},
    })),
  };
}

function formatEvidence(evidence: Readonly<Record<string, unknown>>): string {
  return Object.entries(evidence)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');
}

const ANSWER_COLOURS: Readonly<Record<string, Colour>> = { pass: 'green', ask: 'yellow', refuse: 'red' };

const HEADLINES: Readonly<Record<Explanation['outcome'], string>> = {
  admitted: 'would be admitted to',
  refused: 'would be refused by',
  proof_required: 'would be asked to confirm the existing account before entering',
};

const OUTCOME_COLOURS: Readonly<Record<Explanation['outcome'], Colour>> = {
  admitted: 'green',
  refused: 'red',
  proof_required: 'yellow',
};

function toAdvice(explanation: Explanation, email: string, organizationId: string): string {
  if (explanation.factorRequired !== undefined)
    return `Nothing was written. At sign-in the person is asked for a second factor, by the rule “${explanation.factorRequired}”.`;
  if (explanation.outcome === 'admitted') return 'Nothing was written. The person can sign in now.';
  if (explanation.outcome === 'proof_required')
    return (
      'Nothing was written. At sign-in the person gives the old password or a code sent to the stored address; ' +
      'docs/errors.md says when this is asked.'
    );
  return explanation.rule.endsWith('not_a_member')
    ? `Nothing was written. To let ${email} in: POST /api/v2/organizations/${organizationId}/invitations`
    : `Nothing was written. docs/errors.md says what ${explanation.rule} means and how to go on.`;
}

/** Does not wrap the command, because people copy it into a shell. */
function formatRemedy({ remedy }: Explanation): readonly string[] {
  if (remedy === undefined) return [];
  const { userId, call, command } = remedy;
  return [
    '',
    `The address is that of ${userId}, whose membership is bound to another subject. If the company made the account again, and this is the same person:`,
    `  ${command ?? call}`,
    'If it is somebody else, invite them. docs/guides/recreated-account.md says how to find out.',
  ].map(toPrintable);
}

/** The remedy where no member was looked up by the address; empty where one was, or where nothing is to be done. */
function formatUnasked({ outcome, trace }: Explanation): readonly string[] {
  const unasked = trace.map(({ evidence }) => findUnasked(evidence)).find((words) => words !== undefined);
  if (unasked === undefined || outcome === 'admitted') return [];
  return ['', `Members were not looked up, because ${unasked.because}. If they are a member: ${unasked.do}`];
}

/** The limit of a connection that a customer made; empty for one of the operators'. */
function formatCustomer({ trace }: Explanation): readonly string[] {
  if (!trace.some(({ evidence }) => evidence.connection_of_customer === true)) return [];
  return [
    '',
    'A customer made this connection. It is trusted only for addresses in domains that the organization proved by DNS. ' +
      'To trust it as your own, take it over: managed_by_organization null (docs/compatibility/connections.md).',
  ];
}

/** Formats the lines, at most `world.width` columns wide except a command. */
export function formatExplanation(
  explanation: Explanation,
  email: string,
  organization: { readonly id: string; readonly title: string },
  world: { readonly width: number; readonly colourful: boolean },
): readonly string[] {
  const paint = createPaint(world.colourful);
  const { outcome } = explanation;
  const headline = `${email} ${HEADLINES[outcome]} ${organization.title} (${explanation.rule})`;
  const user = explanation.userId === undefined ? [] : [`as ${explanation.userId}`];
  const rows = explanation.trace.map((line) =>
    [line.stage, line.answer, line.rule, formatEvidence(line.evidence)].map(toPrintable),
  );
  const table = formatTable(['STEP', 'ANSWER', 'RULE', 'EVIDENCE'], rows, world.width, (text, column) => {
    const colour = column === 1 ? ANSWER_COLOURS[text.trim()] : undefined;
    return colour === undefined ? text : paint(text, colour);
  });
  return [
    ...wrap(toPrintable(headline), world.width).map((line) => paint(line, OUTCOME_COLOURS[outcome])),
    ...user.map(toPrintable),
    '',
    ...table,
    '',
    ...wrap(toPrintable(toAdvice(explanation, email, organization.id)), world.width),
    ...[...formatCustomer(explanation), ...formatUnasked(explanation)].flatMap((line) =>
      line === '' ? [''] : wrap(toPrintable(line), world.width),
    ),
    ...formatRemedy(explanation),
  ];
}
