/** Calls `vestibule doctor` in this process on real servers, and reads its findings. */
import { runCommandLine } from '../../src/cli/program.js';
import { type ExaminerOptions, openExaminer } from '../../src/compose/doctor/doctor.js';
import type { Instance } from './instance.js';
import { reachStandIns } from './stand-ins.js';

export interface Found {
  readonly area: string;
  readonly state: 'ok' | 'warn' | 'fail' | 'skip';
  readonly found: string;
  readonly change?: string;
}

export interface Diagnosis {
  readonly code: number;
  readonly findings: readonly Found[];
  /** The findings of one area. */
  of(area: string): readonly Found[];
  /** Everything that was printed. */
  readonly printed: string;
}

export const DOCTOR_KEY = Buffer.alloc(32, 7).toString('base64');

/** The environment of the doctor beside an instance. */
export function environmentOf(instance: Pick<Instance, 'origin' | 'database'>): Record<string, string> {
  return {
    DATABASE_URL: instance.database.url,
    VESTIBULE_SECRET_KEY: DOCTOR_KEY,
    VESTIBULE_URL: instance.origin,
    PORT: new URL(instance.origin).port,
    VESTIBULE_OUTBOUND_ALLOW: '127.0.0.0/8,::1',
  };
}

/** Runs the command; `--json` is for the findings, and without it `printed` is the table. */
export async function runDoctor(
  env: Readonly<Record<string, string>>,
  options: ExaminerOptions = {},
  args: readonly string[] = ['--json'],
): Promise<Diagnosis> {
  const out: string[] = [];
  const notes: string[] = [];
  const unused = () => Promise.reject(new Error('not for this command'));
  const code = await runCommandLine(['doctor', ...args], {
    env,
    out: (line) => out.push(line),
    note: (line) => notes.push(line),
    width: 80,
    colourful: false,
    readInput: unused,
    startServer: unused,
    openKeys: unused,
    openOperators: unused,
    openActions: unused,
    openExaminer: async (config) => openExaminer(config, { wrapOutbound: reachStandIns, ...options }),
    onHangup() {},
    untilStopped: unused,
  });
  const findings = args.includes('--json') && out[0] ? (JSON.parse(out[0]) as { findings: Found[] }).findings : [];
  return {
    code,
    findings,
    of: (area) => findings.filter((finding) => finding.area === area),
    printed: [...out, ...notes].join('\n'),
  };
}
