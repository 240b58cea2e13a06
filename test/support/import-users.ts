/** Bulk imports over HTTP, for tests that have a server: puts a file in, and waits for its end. */
import { setTimeout as pause } from 'node:timers/promises';
import { type Json, MANAGEMENT_CLIENT } from './instance.js';

export interface Importer {
  /** Puts a job in and returns its id. */
  start(users: readonly object[], fields?: Readonly<Record<string, string>>): Promise<string>;
  get(id: string): Promise<Json>;
  errors(id: string): Promise<unknown>;
  /** The job once it has ended. */
  untilEnded(id: string): Promise<Json>;
}

/** `origin` is what answers, `audience` what the server calls itself where that differs. */
export async function createImporter(origin: string, connectionId: string, audience = origin): Promise<Importer> {
  const token = await fetch(`${origin}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: MANAGEMENT_CLIENT.id,
      client_secret: MANAGEMENT_CLIENT.secret,
      audience: `${audience}/api/v2/`,
    }),
  });
  const headers = { authorization: `Bearer ${((await token.json()) as { access_token: string }).access_token}` };
  const read = async (path: string): Promise<unknown> => {
    const response = await fetch(`${origin}/api/v2/jobs/${path}`, { headers });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.status === 204 ? [] : response.json();
  };
  const get = async (id: string) => (await read(id)) as Json;
  return {
    get,
    errors: (id) => read(`${id}/errors`),
    async start(users, fields = {}) {
      const body = new FormData();
      body.append('users', new Blob([JSON.stringify(users)]), 'users.json');
      for (const [name, value] of Object.entries({ connection_id: connectionId, ...fields })) body.append(name, value);
      const response = await fetch(`${origin}/api/v2/jobs/users-imports`, { method: 'POST', headers, body });
      if (response.status !== 202) throw new Error(`no job: ${response.status} ${await response.text()}`);
      return ((await response.json()) as { id: string }).id;
    },
    async untilEnded(id) {
      for (;;) {
        const job = await get(id);
        if (job.status === 'completed' || job.status === 'failed') return job;
        await pause(50);
      }
    },
  };
}
