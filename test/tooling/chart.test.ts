/**
 * deploy/chart says of a container on Kubernetes what deploy/compose.yaml says of one on a single machine. Its templates are read as text; where `helm` is at
 * hand it lints and renders them, too, and says so where it is not (`go install helm.sh/helm/v3/cmd/helm@latest`).
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(`${root}${path}`, 'utf8');
const deployment = read('deploy/chart/templates/deployment.yaml');
const configuration = read('docs/configuration.md');
const defaultOf = (name: string) =>
  Number(new RegExp(`^\\| \`${name}\` \\|.*\\| (\\d+) \\|$`, 'm').exec(configuration)?.[1]);

test('the version is the package’s', () => {
  const { version } = JSON.parse(read('package.json')) as { version: string };
  expect(read('deploy/chart/Chart.yaml')).toContain(`\nappVersion: ${version}\n`);
});

test('it is the account of the image, with a read-only root and no capability', () => {
  const [, account] = /^USER (\d+):\1$/m.exec(read('deploy/Containerfile')) ?? [];
  for (const line of [
    'runAsNonRoot: true',
    `runAsUser: ${account}`,
    `runAsGroup: ${account}`,
    'readOnlyRootFilesystem: true',
    'allowPrivilegeEscalation: false',
    'capabilities: {drop: [ALL]}',
    'seccompProfile: {type: RuntimeDefault}',
    'automountServiceAccountToken: false',
  ])
    expect(deployment).toMatch(new RegExp(`^ +${line.replace(/[[\]{}]/g, '\\$&')}$`, 'm'));
});

test('variables exist, secrets are files, and Kubernetes adds no variable of its own', () => {
  const names = [...deployment.matchAll(/\{name: ([A-Z_]+), value/g)].map(([, name = '']) => name);
  expect(names.length).toBeGreaterThan(5);
  const secrets = (/^for name in (.*); do$/m.exec(read('deploy/container-entry'))?.[1] ?? '').split(' ');
  for (const name of names) {
    expect(secrets).not.toContain(name);
    if (name.endsWith('_FILE')) expect(secrets).toContain(name.slice(0, -5));
    else expect(configuration).toContain(`| \`${name}\` |`);
  }
  expect(deployment).toContain('enableServiceLinks: false');
});

test('it is killed after its grace only', () => {
  const grace = defaultOf('VESTIBULE_SHUTDOWN_GRACE');
  expect(Number(/terminationGracePeriodSeconds: (\d+)/.exec(deployment)?.[1])).toBeGreaterThan(grace);
  expect(Number(/VESTIBULE_SHUTDOWN_DELAY, value: "(\d+)"/.exec(deployment)?.[1])).toBeLessThanOrEqual(grace / 2);
});

/** Helm of another build than the released one takes Kubernetes 1.20 for granted. */
const helm = (args: readonly string[], changed: readonly string[] = []) => {
  const values = [
    'image=registry.example/vestibule:0.1.0',
    'url=https://login.example.com',
    'existingSecret=vestibule',
  ];
  const sets = [...values, ...changed].flatMap((value) => ['--set', value]);
  const all = [...args, `${root}deploy/chart`, '--kube-version', '1.33.0', ...sets];
  const { status, stdout, stderr } = spawnSync('helm', all, { encoding: 'utf8' });
  return { status, said: stdout + stderr, rendered: stdout };
};
const hasHelm = spawnSync('helm', ['version']).status === 0;
if (!hasHelm) console.warn('the chart was not rendered: there is no helm');

describe.skipIf(!hasHelm)('helm', () => {
  test('finds nothing to complain about', () => {
    const { status, said } = helm(['lint', '--strict']);
    expect(said).toContain('0 chart(s) failed');
    expect(status).toBe(0);
  });

  test('renders a Deployment whose pods the Service and the budget choose', () => {
    const { rendered } = helm(['template', 'trial']);
    const all = parseAllDocuments(rendered).map((document) => document.toJS() as Record<string, never>);
    const bodies = Object.fromEntries(all.map(({ kind, spec }) => [kind, spec])) as Record<
      string,
      Record<string, never>
    >;
    expect(Object.keys(bodies).sort()).toEqual(['Deployment', 'PodDisruptionBudget', 'Service']);
    const { template, selector } = bodies.Deployment as unknown as { template: { metadata: object }; selector: object };
    const labels = { 'app.kubernetes.io/name': 'vestibule', 'app.kubernetes.io/instance': 'trial' };
    expect(template.metadata).toMatchObject({ labels });
    expect(selector).toEqual({ matchLabels: labels });
    expect(bodies.PodDisruptionBudget?.selector).toEqual({ matchLabels: labels });
    expect(bodies.Service?.selector).toEqual(labels);
  });

  test.each(['image', 'url', 'existingSecret'])('refuses to render without %s, and says what it is', (name) => {
    const { status, said } = helm(['template', 'trial'], [`${name}=`]);
    expect(status).not.toBe(0);
    expect(said).toContain(`: ${name}: `);
  });
});
