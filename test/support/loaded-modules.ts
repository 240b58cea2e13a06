/** Which files a process of Node loads, as Node's own coverage lists them. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs `start`, whose process gets these variables, to its end. Returns the addresses of all files that it loaded. */
export async function listLoaded(
  start: (environment: Readonly<Record<string, string>>) => Promise<unknown>,
): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'vestibule-loaded-'));
  try {
    await start({ NODE_V8_COVERAGE: folder });
    const files = await readdir(folder);
    const reports = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
    return reports.flatMap((text) => (JSON.parse(text) as { result: { url: string }[] }).result.map(({ url }) => url));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
