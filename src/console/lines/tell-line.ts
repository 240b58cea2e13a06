/** Describes a log line in one sentence, and the reason of a refusal in the operator's words. Pure. */
import { tellFactor } from '../factors/names.js';
import { addressOf, codeOf, type LogLine } from './answers.js';
import { FACTOR_LINES } from './factor-words.js';
import { tellType } from './kinds.js';
import { findRefusal } from './refusal-table.js';

type Names = Pick<LogLine, 'organization_name' | 'organization_id' | 'connection' | 'client_name'>;

const organizationOf = ({ organization_name, organization_id }: Names) => organization_name ?? organization_id;

/** Replaces the placeholders of a text, such as `{organization}`, by the names in the line. */
export function fillNames(text: string, line: Names): string {
  return text
    .replaceAll('{organization}', organizationOf(line) ?? 'the organization')
    .replaceAll('{connection}', line.connection ?? 'the connection')
    .replaceAll('{application}', line.client_name ?? 'the application')
    .replace(/^./, (first) => first.toUpperCase());
}

/** Returns the name of the operator or the application that made a change. */
export function tellActor({ details, client_name }: LogLine): string {
  const { user, subject } = details?.request?.auth ?? {};
  return user?.name ?? user?.email ?? client_name ?? subject ?? 'Somebody';
}

const REFUSED_WORDS: Readonly<Record<string, string>> = {
  fsa: 'was not signed in silently',
  feacft: 'was refused tokens',
  fertft: 'was refused new tokens',
  feccft: 'was refused a token',
  feotpft: 'was refused tokens for a code of an app',
  fercft: 'was refused tokens for a recovery code',
  feoobft: 'was refused tokens for a sent code',
  fcp: 'did not change their password',
  my_account_authentication_method_failed: 'was refused a change of how they sign in',
};

/** Returns the refused person, application or directory. */
function tellRefused(line: LogLine): string {
  if (line.type === 'fscim') return `The directory of ${line.connection ?? 'a connection'}`;
  return addressOf(line) ?? (line.type.endsWith('cft') ? line.client_name : undefined) ?? 'Somebody';
}

/** Types of lines whose description is a sentence of the server about the person's own request. */
const OWN_REQUESTS = ['fcp', 'my_account_authentication_method_failed'];

/** Returns the description as the end of a sentence. */
function toClause({ type, description }: LogLine): string | undefined {
  if (!OWN_REQUESTS.includes(type)) return description;
  return description?.replace(/^[A-Z](?=[a-z ])/, (first) => first.toLowerCase()).replace(/\.$/, '');
}

function tellRefusal(line: LogLine): string {
  const who = tellRefused(line);
  const where = organizationOf(line);
  const did = REFUSED_WORDS[line.type] ?? (where === undefined ? 'was refused' : `was refused at ${where}`);
  const why = findRefusal(codeOf(line))?.short ?? toClause(line);
  return why === undefined ? `${who} ${did}` : `${who} ${did}: ${why}`;
}

/** Returns the kind of the factor in the line. */
function tellFactorOf({ details }: LogLine): string {
  const { authenticator } = details as { readonly authenticator?: { readonly type?: unknown } };
  return tellFactor(String(authenticator?.type)).toLowerCase();
}

const VIA: Readonly<Record<string, string>> = {
  invitation: 'by an invitation',
  auto_membership: 'by auto-membership',
  action: 'by an Action',
};

const PLAIN: Readonly<Record<string, (line: LogLine, who: string) => string>> = {
  s: (line, who) => `${who} signed in${organizationOf(line) === undefined ? '' : ` to ${organizationOf(line)}`}`,
  si: (line, who) => `${who} accepted an invitation to ${organizationOf(line) ?? 'an organization'}`,
  organization_member_added: (line, who) =>
    `${who} became a member of ${organizationOf(line) ?? 'an organization'} ${VIA[line.details?.reason ?? ''] ?? ''}`.trim(),
  seacft: (line, who) => `${line.client_name ?? 'An application'} got tokens for ${who}`,
  sertft: (line, who) => `${line.client_name ?? 'An application'} renewed the tokens of ${who}`,
  seotpft: (line, who) => `${line.client_name ?? 'An application'} renewed the tokens of ${who} with a second factor`,
  sercft: (line, who) => `${line.client_name ?? 'An application'} renewed the tokens of ${who} with a recovery code`,
  seoobft: (line, who) => `${line.client_name ?? 'An application'} renewed the tokens of ${who} with a code by mail`,
  scp: (_line, who) => `${who} changed their password`,
  slo: (_line, who) => `${who} signed out`,
  sscim: (line) => `The directory of ${line.connection ?? 'a connection'}: ${line.description ?? 'a change'}`,
  sapi: (line) => `${tellActor(line)}: ${line.description ?? 'a change'}`,
};

/** Describes a line in one sentence, for example "sam@acme.example was refused at acme: not a member". */
export function tellLine(line: LogLine): string {
  if (tellType(line.type).tone === 'refused' || line.type === 'fsa') return tellRefusal(line);
  const factor = Object.hasOwn(FACTOR_LINES, line.type) ? FACTOR_LINES[line.type] : undefined;
  if (factor !== undefined) return factor.says(addressOf(line) ?? line.user_id ?? 'somebody', tellFactorOf(line));
  const words = Object.hasOwn(PLAIN, line.type) ? PLAIN[line.type] : undefined;
  return words?.(line, addressOf(line) ?? 'Somebody') ?? line.description ?? line.type;
}
