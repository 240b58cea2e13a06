/**
 * Builds the parts behind `vestibule doctor`: each fact is read by the parts of the server that rely on it. Only
 * main.ts imports this. Writes nothing in the database, and creates none.
 */
import { statfs } from 'node:fs/promises';
import type { Config } from '../../config/config.js';
import { type Clock, systemClock } from '../../kernel/clock.js';
import { StartError } from '../../kernel/errors.js';
import { systemEntropy } from '../../kernel/ids.js';
import { lacksOwner } from '../../management/operators/first.js';
import type { DiskFacts, Examiner } from '../../ports/examiner.js';
import { readBacklog, readDatabaseFacts } from '../../storage/database/condition.js';
import { createDirectory } from '../../storage/directory/index.js';
import { listPublicDomains } from '../../storage/public-domains.js';
import { listScimRefusals } from '../../storage/scim-refusals.js';
import { countSealed } from '../../storage/secrets/sealed-columns.js';
import { createSigningKeyKeeper } from '../../storage/secrets/signing-key-store.js';
import { listVainPromises } from '../../storage/vain-promises.js';
import { describeKeys } from '../../tokens/signing-keys.js';
import type { WrapOutbound } from '../connectors.js';
import { type Boxes, createBoxes } from '../secrets.js';
import { tryActions } from './actions.js';
import { readCertificates } from './certificates.js';
import { tryConnections } from './connections.js';
import {
  type DoctorDatabase,
  findBundledDirectory,
  hasBundledDatabase,
  openDoctorDatabase,
  orStartError,
  type WithRows,
} from './database.js';
import { tryMail } from './mail.js';
import { askFromOutside } from './outside.js';

export interface ExaminerOptions {
  readonly clock?: Clock;
  /** Lets a test imitate Entra and Google, whose addresses are fixed. */
  readonly wrapOutbound?: WrapOutbound;
  /** Age from which an open transaction counts as long, in minutes; 5 by default. */
  readonly longMinutes?: number;
}

async function readDisk(config: Config): Promise<DiskFacts | undefined> {
  if (config.databaseUrl !== undefined) return undefined;
  const directory = findBundledDirectory(config);
  const { bavail, blocks, bsize } = await statfs(directory);
  return { directory, freeBytes: bavail * bsize, totalBytes: blocks * bsize };
}

/** Creates the examiner. Opens nothing yet: each part is reached at its first question. */
export function openExaminer(config: Config, options: ExaminerOptions = {}): Examiner {
  const { clock = systemClock } = options;
  let opening: Promise<DoctorDatabase | undefined> | undefined;
  const open = () => {
    opening ??= openDoctorDatabase(config);
    return opening;
  };
  const needDatabase = async (): Promise<DoctorDatabase> => {
    const database = await open();
    if (database === undefined) throw new StartError('there is no database yet');
    return database;
  };
  let boxes: Boxes | undefined;
  // The data directory's key is created together with its database, never here.
  const needBoxes = async (): Promise<Boxes> => {
    if (config.secretKey === undefined && !hasBundledDatabase(config)) throw new StartError('there is no database yet');
    boxes ??= createBoxes(config, systemEntropy);
    return boxes;
  };
  const withRows: WithRows = async (work) => {
    const { pool } = await needDatabase();
    const { rows } = await needBoxes();
    return orStartError(work(pool, rows));
  };
  return {
    async readDatabase() {
      const database = await open();
      return database && orStartError(readDatabaseFacts(database.pool, database.options, clock, options.longMinutes));
    },
    readBacklog: async () => orStartError(readBacklog((await needDatabase()).pool, clock)),
    readDisk: () => readDisk(config),
    readKeys: () =>
      withRows(async (pool, box) => {
        const sealed = await countSealed(pool, box);
        // Describes no signing keys if any stored value cannot be decrypted, because a signing key may be among these.
        if (sealed.some(({ lost }) => lost > 0)) return { sealed, signing: undefined };
        return { sealed, signing: describeKeys(await createSigningKeyKeeper(pool, box).list(), clock.now()) };
      }),
    readCertificates: () => readCertificates(config, withRows),
    lacksOwner: () => withRows((pool, box) => lacksOwner(createDirectory(pool, box))),
    listPublicDomains: () => withRows((pool) => listPublicDomains(pool)),
    listVainPromises: () => withRows((pool) => listVainPromises(pool)),
    tryMail: (sendTo) => tryMail(config, withRows, sendTo),
    tryConnections: () =>
      withRows((pool, box) =>
        tryConnections(config, createDirectory(pool, box).connections, clock, options.wrapOutbound),
      ),
    listScimRefusals: () => withRows((pool) => listScimRefusals(pool, clock)),
    askFromOutside: async () => askFromOutside(config, (await needBoxes()).tickets, clock),
    tryActions: () => tryActions(config, clock),
    async close() {
      const database = await opening?.catch(() => undefined);
      await database?.close();
    },
  };
}
