/**
 * Alerts and dashboard name figures that a server really has: every metric, label and code in deploy/ against `/metrics` of a real server and
 * the table of refusals. With `promtool` (Debian: prometheus) the rules are checked and their own tests run.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { REFUSALS } from '../src/login/refusals.js';
import { createCertificate, hasOpenssl } from './support/certificate.js';
import { findFreePort, type Instance, startInstance } from './support/instance.js';

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string }[];
}

const RULES = readFileSync('deploy/prometheus-rules.yaml', 'utf8');
const RULE_TESTS = readFileSync('deploy/prometheus-rules.test.yaml', 'utf8');
const dashboard = JSON.parse(readFileSync('deploy/grafana-dashboard.json', 'utf8')) as {
  readonly panels: readonly Panel[];
};
const expressions = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
/** Comments, and words for people, name other things. */
const ruleExpressions = RULES.replace(/^\s*#.*$/gm, '').replace(/^\s*(summary|action): .*$/gm, '');
const everything = [ruleExpressions, RULE_TESTS, ...expressions].join('\n');

const certificate = hasOpenssl() ? createCertificate() : undefined;
let instance: Instance;
let scraped: string;
beforeAll(async () => {
  const port = await findFreePort();
  instance = await startInstance({
    environment: {
      VESTIBULE_METRICS_PORT: String(port),
      ...(certificate && { VESTIBULE_TLS_CERT: certificate.cert, VESTIBULE_TLS_KEY: certificate.key }),
    },
  });
  scraped = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
});
afterAll(async () => {
  await instance?.stop();
  certificate?.remove();
});

/** Names of metrics in a text; those of a histogram without its endings. */
function namesIn(text: string): readonly string[] {
  const found = text.match(/\b(vestibule|process|nodejs)_[a-z0-9_]+/g) ?? [];
  return [...new Set(found.map((name) => name.replace(/_(bucket|count|sum)$/, '')))].sort();
}

describe('names', () => {
  test.skipIf(!certificate)('case=every metric of rules, their tests and dashboard is one of a real server', () => {
    const known = new Set([...scraped.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name ?? ''));
    expect(namesIn(everything).filter((name) => !known.has(name))).toEqual([]);
    expect(namesIn(ruleExpressions).length).toBeGreaterThan(7);
    expect(namesIn(expressions.join('\n')).length).toBeGreaterThan(10);
  });

  test('case=every metric of our own is watched by a rule or shown', () => {
    const own = [...scraped.matchAll(/^# TYPE (vestibule_\S+) /gm)].map(([, name]) => name ?? '');
    expect(own.filter((name) => !namesIn(everything).includes(name))).toEqual([]);
  });

  test('case=every code, as a text or a pattern, is one of the table of refusals', () => {
    const codes = Object.keys(REFUSALS);
    const patterns = [...everything.matchAll(/code(=~?)"([^"]+)"/g)].map(([, how, text = '']) => ({ how, text }));
    expect(patterns.length).toBeGreaterThan(5);
    const unknown = patterns.filter(({ how, text }) => {
      if (how === '=') return !codes.includes(text);
      // Each alternative by itself: one that means nothing would hide behind the others.
      const [, step = '', names = ''] = /^(\w+)\[\.\]\w*/.exec(text) ?? [];
      return step === '' || names !== '' || alternativesOf(text).some((one) => !codes.includes(one));
    });
    expect(unknown).toEqual([]);
  });

  test('case=recorded figures are recorded', () => {
    const recorded = [...RULES.matchAll(/record: (\S+)/g)].map(([, name]) => name);
    const used = [...new Set(everything.match(/vestibule:[a-z0-9_:]+/g) ?? [])];
    expect(used.filter((name) => !recorded.includes(name))).toEqual([]);
  });
});

/** `a[.]x_(b|c)|d[.](e)` as the texts that it matches. */
function alternativesOf(pattern: string): readonly string[] {
  return [...pattern.matchAll(/(\w+)\[\.\](\w*)\(([^)]*)\)/g)].flatMap(([, step, start, names = '']) =>
    names.split('|').map((name) => `${step}.${start}${name}`),
  );
}

describe('rules', () => {
  const alerts = [...RULES.matchAll(/alert: (\S+)/g)].map(([, name]) => name ?? '');

  test('case=every alert has a test in which it fires, and one in which it does not', () => {
    for (const kind of ['fires', 'is quiet'])
      expect(alerts.filter((name) => !RULE_TESTS.includes(`- name: ${name} ${kind}\n`))).toEqual([]);
  });

  test('case=every alert has a severity, a summary and what to do, and stands in the guide', () => {
    const guide = readFileSync('docs/guides/monitoring.md', 'utf8');
    for (const name of alerts) {
      const [, rest = ''] = RULES.split(`alert: ${name}\n`);
      const rule = rest.split('- alert:')[0] ?? '';
      expect(rule, name).toMatch(/severity: (critical|warning)/);
      expect(rule, name).toMatch(/summary: "/);
      expect(rule, name).toMatch(/action: "/);
      expect(guide).toContain(name);
    }
  });

  const promtool = process.env.PROMTOOL ?? 'promtool';
  const isHere = (() => {
    try {
      execFileSync(promtool, ['--version'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  })();
  if (!isHere) console.warn('rules of Prometheus: their own tests are skipped, no `promtool` (PROMTOOL names one)');

  test.skipIf(!isHere)('case=promtool takes the rules, and their tests pass', () => {
    execFileSync(promtool, ['check', 'rules', 'deploy/prometheus-rules.yaml'], { stdio: 'pipe' });
    execFileSync(promtool, ['test', 'rules', 'deploy/prometheus-rules.test.yaml'], { stdio: 'pipe' });
  });
});

describe('dashboard', () => {
  test('case=no two panels have an id or a place in common, and each but rows asks for something', () => {
    const { panels } = dashboard;
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_one, at) => `${x + (at % w)},${y + Math.floor(at / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(panels.filter(({ gridPos: { x, w } }) => x + w > 24)).toEqual([]);
    for (const { type, title, targets = [] } of panels) expect(targets.length > 0, title).toBe(type !== 'row');
  });

  test('case=every expression is about the chosen nodes', () => {
    for (const expr of expressions) expect(expr).toContain('job="vestibule",instance=~"$instance"');
  });
});
