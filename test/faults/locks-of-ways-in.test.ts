/**
 * Taking a way into one organization away locks the rows of that organization alone: somebody who is at work on another one does not keep
 * them waiting, nor does their work wait.
 */
import { expect, test } from 'vitest';
import { useStage } from '../support/stage.js';

const stage = useStage({ environment: { VESTIBULE_DATABASE_LOCK_TIMEOUT: '2' } });

test('writes to one organization end while the settings of another one and the row of the operators are locked', async () => {
  const { acme } = stage.cast;
  const other = await stage.cast.createPlace('other', {});
  const userId = await stage.cast.createMember('dana@acme.example');
  const holder = await stage.instance.database.pool.connect();
  const path = `/organizations/${acme.id}`;
  try {
    await holder.query('begin');
    await holder.query('select 1 from organization_connections where organization_id <> $1 for update', [acme.id]);
    await holder.query('select 1 from operators for update');
    await stage.instance.api('PATCH', path, { display_name: 'Acme Ltd' });
    await stage.instance.api('PATCH', `${path}/enabled_connections/${acme.connectionId}`, { show_as_button: false });
    await stage.instance.api('DELETE', `${path}/members`, { members: [userId] });
    // The other way round it does wait.
    const waiting = stage.instance.api('PATCH', `/organizations/${other.id}`, { display_name: 'X' });
    await expect(waiting).rejects.toThrow('503');
  } finally {
    // A failure must not leave the locks to the end of the server, which would wait for them.
    holder.release(true);
  }
});
