/** Builds the parts behind `vestibule keys`: the database without a server. Only main.ts imports this. */

import type { Config } from '../config/config.js';
import { systemClock } from '../kernel/clock.js';
import { Fault } from '../kernel/errors.js';
import { systemEntropy } from '../kernel/ids.js';
import type { KeyKeeper } from '../ports/key-keeper.js';
import { countSealed, findLastEnd, resealAll } from '../storage/secrets/sealed-columns.js';
import { createSigningKeyKeeper } from '../storage/secrets/signing-key-store.js';
import { describeKeys, isReplaceable, makeSigningKey } from '../tokens/signing-keys.js';
import { createBoxes } from './secrets.js';
import { openBeside, toldToOperator } from './standalone.js';

/** Opens the database of `config`, with or without a running server. Throws {@link StartError}. */
export async function openKeys(config: Config): Promise<KeyKeeper> {
  const { rows } = createBoxes(config, systemEntropy);
  const { pool, close } = await openBeside(config);
  const keys = createSigningKeyKeeper(pool, rows);
  const list = async () => describeKeys(await keys.list(), systemClock.now());
  return {
    list: () => toldToOperator(list()),
    rotate: () =>
      toldToOperator(
        (async () => {
          for (const { kid, state } of await list()) if (state === 'over') await keys.remove(kid);
          const made = await makeSigningKey(systemClock, systemEntropy);
          await keys.add(made);
          const fact = (await list()).find(({ kid }) => kid === made.kid);
          if (fact === undefined) throw new Fault('database', 'the new key was taken away by somebody else', false);
          return fact;
        })(),
      ),
    remove: (kid) =>
      toldToOperator(
        (async () => {
          const all = await keys.list();
          if (!all.some((key) => key.kid === kid)) return 'unknown';
          if (!isReplaceable(kid, all, systemClock.now())) return 'needed';
          return (await keys.remove(kid)) ? 'removed' : 'unknown';
        })(),
      ),
    countSealed: () => toldToOperator(countSealed(pool, rows)),
    reseal: () => toldToOperator(resealAll(pool, rows)),
    findLastEnd: () => toldToOperator(findLastEnd(pool)),
    close,
  };
}
