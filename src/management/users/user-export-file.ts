/**
 * The file of an export, made while it is fetched: a page of users, then their lines, then the next page, as fast as the client takes them.
 * Holds one page in memory and no connection to the database between two pages, stores nothing, and ends when the client goes away. Takes no
 * token but the link's own ticket.
 */
import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { UserExportJob } from '../../ports/directory/user-exports.js';
import type { UserFilter } from '../../ports/directory/users.js';
import type { Cursor } from '../../ports/directory.js';
import type { ManagementDeps } from '../api/deps.js';
import { ManagementError, noConnection, noJob } from '../api/errors.js';
import { fileNameOf, isExportTicket } from './user-export-link.js';
import { createExportLines } from './user-export-rows.js';
import { toUserWire } from './user-wire.js';

/** Users of one statement. */
const PAGE_SIZE = 500;
/** Most downloads at a time of one node, so that logins always find a connection to the database. */
const MAX_RUNNING = 4;

type Deps = Pick<ManagementDeps, 'directory' | 'ticketBox' | 'clock'>;

/** The filter for a job; throws 404 where its connection is gone, since without it the file would have everybody. */
async function filterOf({ directory }: Deps, { connectionId }: UserExportJob): Promise<UserFilter> {
  if (connectionId === undefined) return {};
  const connection = await directory.connections.find(connectionId);
  if (connection === undefined) throw noConnection();
  return { connection: connection.name };
}

/** The text of the file, a page at a time, the oldest users first: who comes meanwhile is at its end, and nobody is there twice. */
async function* toPages(deps: Deps, job: UserExportJob): AsyncGenerator<string> {
  const lines = createExportLines(job.format, job.fields);
  yield lines.head;
  let left = job.limit ?? Number.POSITIVE_INFINITY;
  let after: Cursor | undefined;
  while (left > 0) {
    const limit = Math.min(PAGE_SIZE, left);
    // Asked for each page: a connection that was renamed or deleted meanwhile would end the file early, and it would look whole.
    const filter = await filterOf(deps, job);
    const page = await deps.directory.users.search(filter, { limit, ...(after !== undefined && { after }) });
    yield page.items.map((user) => lines.toLine(toUserWire(user))).join('');
    left -= page.items.length;
    after = page.next;
    if (after === undefined) return;
  }
}

async function getJob(deps: Deps, request: FastifyRequest, format: UserExportJob['format']): Promise<UserExportJob> {
  const { id } = request.params as { readonly id: string };
  const { ticket } = request.query as { readonly ticket?: unknown };
  const now = deps.clock.now();
  if (typeof ticket !== 'string' || !isExportTicket(deps.ticketBox, id, ticket, now)) {
    throw new ManagementError(
      403,
      'This link is not valid, or its minute is over. GET /api/v2/jobs/{id} gives a new one.',
    );
  }
  const job = await deps.directory.exports.find(id, now);
  if (job === undefined || job.format !== format) throw noJob();
  return job;
}

/** The routes of the files, below `/api/v2`. */
export function userExportFiles(deps: Deps): FastifyPluginAsync {
  let running = 0;
  const send = async (request: FastifyRequest, reply: FastifyReply, format: UserExportJob['format']) => {
    const job = await getJob(deps, request, format);
    await filterOf(deps, job);
    if (running >= MAX_RUNNING) {
      reply.header('retry-after', '10');
      throw new ManagementError(
        429,
        `${MAX_RUNNING} exports are being fetched. Wait until one has ended and try again.`,
      );
    }
    running += 1;
    // Whichever side fails or leaves first, both ends are closed: a file that was cut off is no whole gzip, so nobody takes it for one.
    const file = pipeline(Readable.from(toPages(deps, job)), createGzip(), (error) => {
      running -= 1;
      if (error != null) request.log.warn({ job: job.id, reason: error.message }, 'an export ended early');
    });
    reply.headers({
      'content-type': 'application/gzip',
      'content-disposition': `attachment; filename="${fileNameOf(format)}"`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    return reply.send(file);
  };
  return async (app) => {
    for (const format of ['json', 'csv'] as const) {
      app.get(`/jobs/:id/${fileNameOf(format)}`, { exposeHeadRoute: false }, (request, reply) =>
        send(request, reply, format),
      );
    }
  };
}
