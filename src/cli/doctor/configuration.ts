/** Judges the environment as `serve` reads it. Never prints the value of a variable that may hold a secret. */
import type { Config } from '../../config/config.js';
import type { Environment } from '../../config/environment.js';
import { type Finding, findingsOf } from './finding.js';

const { ok, warn, fail } = findingsOf('configuration');

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

const withoutMarks = (name: string) => name.replaceAll('_', '');

/** Finds VESTIBULE_… variables that nothing reads: most likely a mistyped name, so that the setting has no effect. */
function findUnread(env: Environment, known: ReadonlySet<string>): readonly Finding[] {
  const unread = Object.keys(env).filter(
    (name) => name.startsWith('VESTIBULE_') && env[name] !== '' && !known.has(name),
  );
  return unread.map((name) => {
    const meant = [...known].find((other) => withoutMarks(other) === withoutMarks(name));
    const advice = meant === undefined ? 'docs/configuration.md has the names.' : `Its name is ${meant}.`;
    return warn(`${name} is set, but nothing reads it.`, advice);
  });
}

function judgeOrigin({ origin }: Config): readonly Finding[] {
  const { protocol, hostname } = new URL(origin);
  if (protocol === 'https:' || LOOPBACK.test(hostname)) return [];
  return [
    warn(
      `VESTIBULE_URL is ${origin}: passwords and cookies travel unencrypted, and Auth0's SDKs refuse it.`,
      'Set it to an https address, with a certificate here (VESTIBULE_TLS_CERT) or at a proxy.',
    ),
  ];
}

/** Judges an environment that `examineConfig` has read. */
export function judgeConfiguration(
  env: Environment,
  {
    config,
    problems,
    known,
  }: {
    readonly config: Config | undefined;
    readonly problems: readonly string[];
    readonly known: ReadonlySet<string>;
  },
): readonly Finding[] {
  const wrong = problems.map((problem) => fail(problem, 'docs/configuration.md describes every variable.'));
  const worries = [...wrong, ...(config === undefined ? [] : judgeOrigin(config)), ...findUnread(env, known)];
  if (wrong.length > 0 || config === undefined) return worries;
  return [ok(`Every variable that is set is right; people reach this server at ${config.origin}`), ...worries];
}
