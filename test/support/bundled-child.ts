/** A process of its own that runs the bundled PostgreSQL until SIGTERM, so that tests can kill it as a machine would. */
import { StartError } from '../../src/kernel/errors.js';
import { startBundledPostgres } from '../../src/storage/bundled/start.js';
import { silentLog } from '../../src/storage/database/log.js';

const [, , dataDir = '', mode = 'wait'] = process.argv;
try {
  const server = await startBundledPostgres({ dataDir, log: silentLog });
  const answer = `${JSON.stringify({ url: server.url })}\n`;
  if (mode === 'exit') process.stdout.write(answer, () => process.exit(0));
  const alive = setInterval(() => {}, 1000);
  process.once('SIGTERM', async () => {
    await server.stop();
    clearInterval(alive);
  });
  if (mode !== 'exit') process.stdout.write(answer);
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  process.stdout.write(`${JSON.stringify({ error: error.message })}\n`);
  process.exit(1);
}
