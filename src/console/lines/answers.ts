/** A log line as the API answers it. Types and readers only. */
import type { Row } from '../api/answers.js';

export type LogLine = Omit<Row<'/logs'>, '_id'>;
type Details = LogLine['details'];
export type TraceLine = NonNullable<Details['trace']>[number];
export type ActionRun = NonNullable<Details['actions']>[number];

export const codeOf = ({ details }: LogLine): string | undefined => details.code ?? details.check;

/** Returns the email address of the person in the line, if it has one. */
export function addressOf({ user_name, details }: LogLine): string | undefined {
  return details.email ?? user_name ?? details.invitation?.invitee?.email;
}
