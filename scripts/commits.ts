/**
 * `tsx scripts/commits.ts`: checks the messages of new commits. A message has a subject of at most 72 characters that
 * begins with a verb in the imperative, an empty line, and a body that says why. Skips commits from before this rule.
 * Exits with 1 if a message breaks it. Reads the history, writes nothing.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Commits before this time are not checked. */
const SINCE = '2026-11-30T13:50:00Z';
const MAX_SUBJECT = 72;
/** First words of a subject that are not in the imperative: nouns, and verbs in the past or present. */
const NOT_IMPERATIVE =
  /^(?:[a-z]+(?:ed|ing)|adds|fixes|makes|uses|test of|tests of|the|a|an|words?|console|docs?|no)\b/i;
/** Verbs in the imperative that look like a past participle or a gerund. */
const IMPERATIVE = /^(?:bring|embed|feed|need|shed|speed|seed|exceed|proceed|string)\b/i;

interface Commit {
  readonly hash: string;
  readonly subject: string;
  readonly body: string;
}

function listNew(): readonly Commit[] {
  const format = '%h%x1f%s%x1f%b%x1e';
  const text = execFileSync('git', ['log', '--no-merges', `--since=${SINCE}`, `--format=${format}`], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    encoding: 'utf8',
  });
  return text
    .split('\x1e')
    .map((row) => row.trim().split('\x1f'))
    .filter((parts) => parts.length === 3)
    .map(([hash = '', subject = '', body = '']) => ({ hash, subject, body: body.trim() }));
}

function findFaults({ subject, body }: Commit): readonly string[] {
  const faults: string[] = [];
  if (subject.length > MAX_SUBJECT) faults.push(`a subject of ${subject.length} characters: at most ${MAX_SUBJECT}`);
  const withoutPlace = subject.replace(/^[\w./-]+: /, '');
  if (NOT_IMPERATIVE.test(withoutPlace) && !IMPERATIVE.test(withoutPlace))
    faults.push('begin the subject with a verb in the imperative: "Refuse …", "Add …"');
  if (body === '') faults.push('say in the body why');
  return faults;
}

const commits = listNew();
const wrong = commits.flatMap((commit) =>
  findFaults(commit).map((fault) => `${commit.hash} ${commit.subject}\n    ${fault}`),
);
for (const line of wrong) console.log(line);
console.log(`${commits.length} new commits, ${wrong.length} faults`);
process.exitCode = wrong.length === 0 ? 0 : 1;
