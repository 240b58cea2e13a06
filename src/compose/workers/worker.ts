/**
 * A worker process of `serve --workers`: gets the address of the database from the primary, serves with its share of the
 * node's limits, and ends when the primary says so. If the primary is killed, Node ends its workers at once. Never starts a
 * database.
 */
import cluster from 'node:cluster';
import type { RunningServer, World } from '../../cli/world.js';
import { shareOut } from '../../config/share.js';
import { isOurs, type ToPrimary, type ToWorker } from './messages.js';

/** Parts of the {@link World} that differ in a worker. */
export type WorkerParts = Pick<World, 'startServer' | 'primary' | 'onHangup' | 'untilStopped'>;

type Message<Kind> = Extract<ToWorker, { readonly vestibule: Kind }>;

const tell = (message: ToPrimary): void => {
  cluster.worker?.send(message);
};

/** Calls `listen` for each message of this kind. */
function on<Kind extends ToWorker['vestibule']>(kind: Kind, listen: (message: Message<Kind>) => void): void {
  process.on('message', (message: ToWorker) => {
    if (isOurs(message) && message.vestibule === kind) listen(message as Message<Kind>);
  });
}

/** Builds the parts of a worker. The primary answers `startServer` with what it needs. */
export function openWorker(): WorkerParts {
  // A terminal sends Ctrl-C and its own end to each process of the group. The primary decides what follows.
  process.on('SIGINT', () => {});
  process.on('SIGHUP', () => {});
  return {
    startServer: async (config, { signal }) => {
      const start = await new Promise<Message<'start'>>((resolve, reject) => {
        on('start', resolve);
        signal.addEventListener('abort', () => reject(signal.reason));
        tell({ vestibule: 'listening' });
      });
      const { startServer } = await import('../server.js');
      const own = { ...shareOut(config, start.workers), databaseUrl: start.databaseUrl };
      return startServer(own, { signal, metricsOfWorker: true });
    },
    primary: {
      tellReady: ({ firstOperatorLink }: RunningServer) => tell({ vestibule: 'ready', firstOperatorLink }),
      tellFailed: (reason) => tell({ vestibule: 'failed', reason }),
    },
    onHangup: (reload) => on('reload', reload),
    untilStopped: () =>
      new Promise((resolve) => {
        on('stop', () => resolve());
        process.on('SIGTERM', () => resolve());
      }),
  };
}
