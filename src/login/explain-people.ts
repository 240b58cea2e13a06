/**
 * Runs {@link explain} for many people of one organization. Writes nothing; holds few database connections at once, so
 * that logins do not wait for them.
 */
import type { LoginReads } from '../ports/login-store.js';
import { type ExplainQuestion, type Explanation, explain } from './explain.js';

/** Number of people explained at the same time: each uses a database connection, which logins need too. */
const AT_ONCE = 4;

/**
 * Returns the explanations in the order of the questions, all for this organization. `at` decides what is expired. For
 * administrators only: the answers name accounts.
 */
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
