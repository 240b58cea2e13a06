/**
 * {@link explain} for many people of one organization: the same function for each question, the organization read once. Writes nothing; holds
 * few of the database's connections at once, so that logins do not wait behind it.
 */
import type { LoginReads } from '../ports/login-store.js';
import { type ExplainQuestion, type Explanation, explain } from './explain.js';

/** Questions under way at once: each of them holds a connection of the database, and logins need the others. */
const AT_ONCE = 4;

/** Answers in the order of the questions, all of them about this organization and as of `at`. For administrators: it names accounts. */
export async function explainPeople(
  organizationId: string,
  questions: readonly Omit<ExplainQuestion, 'organizationId'>[],
  at: Date,
  reads: LoginReads,
): Promise<readonly Explanation[]> {
  const found = reads.findEnablements(organizationId);
  const shared: LoginReads = { ...reads, findEnablements: () => found };
  const answers: Explanation[] = [];
  const open = questions.entries();
  const work = async (): Promise<void> => {
    for (const [index, question] of open) answers[index] = await explain({ ...question, organizationId }, at, shared);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return answers;
}
