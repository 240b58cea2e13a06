/**
 * Builds the parts behind `vestibule operator`: the database without a server, and the Management API's operations that
 * the command calls. Only main.ts imports this.
 */

import type { Config } from '../config/config.js';
import { systemClock } from '../kernel/clock.js';
import { StartError } from '../kernel/errors.js';
import { systemEntropy } from '../kernel/ids.js';
import { createInvitationOf, removeOperator, resetOperatorFactors } from '../management/operators/invite.js';
import type { DirectoryStore } from '../ports/directory.js';
import type { OperatorKeeper } from '../ports/operator-keeper.js';
import { createDirectory } from '../storage/directory/index.js';
import { createBoxes } from './secrets.js';
import { openBeside, toldToOperator } from './standalone.js';

async function findOperators(directory: DirectoryStore) {
  const operators = await directory.operators.find();
  if (operators !== undefined) return operators;
  throw new StartError('This database has no organization of operators yet: start the server on it once.');
}

/** Opens the database of `config`, with or without a running server. Throws {@link StartError}. */
export async function openOperators(config: Config): Promise<OperatorKeeper> {
  const boxes = createBoxes(config, systemEntropy);
  const { pool, close } = await openBeside(config);
  const directory = createDirectory(pool, boxes.rows);
  const deps = { directory, ticketBox: boxes.tickets, entropy: systemEntropy, strategies: [], origin: config.origin };
  const now = () => systemClock.now();
  return {
    invite: (email, role) =>
      toldToOperator(
        findOperators(directory).then((operators) => createInvitationOf(deps, operators, { email, role }, now())),
      ),
    list: () => toldToOperator(directory.operators.list()),
    remove: (userId) =>
      toldToOperator(findOperators(directory).then((operators) => removeOperator(deps, operators, userId, now()))),
    resetFactors: (userId) =>
      toldToOperator(
        findOperators(directory).then((operators) => resetOperatorFactors(deps, operators, userId, now())),
      ),
    close,
  };
}
