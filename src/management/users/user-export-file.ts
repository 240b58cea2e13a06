/**
 * The file of an export, generated while it is downloaded: reads a page of users, sends their lines, and reads the next
 * page as fast as the client receives. Holds one page in memory, and no database connection between pages. Stores
 * nothing, and stops when the client disconnects. Requires the ticket in the link of this export.
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

/** Number of users that one SQL statement reads. */
const PAGE_SIZE = 500;
/** Maximum number of concurrent downloads on one node, so that logins always find a free database connection. */
const MAX_RUNNING = 4;

type Deps = Pick<ManagementDeps, 'directory' | 'ticketBox' | 'clock'>;

/**
 * Returns the filter of a job. Throws 404 when its connection was deleted: without the filter, the file would contain
 * all users.
 */
async function filterOf({ directory }: Deps, { connectionId }: UserExportJob): Promise<UserFilter> {
  if (connectionId === undefined) return {};
  const connection = await directory.connections.find(connectionId);
  if (connection === undefined) throw noConnection();
  return { connection: connection.name };
}

/**
 * Yields the text of the file page by page, the oldest users first. Users created meanwhile come last, and nobody
 * appears twice.
 */
async function* toPages(deps: Deps, job: UserExportJob): AsyncGenerator<string> {
  const lines = createExportLines(job.format, job.fields);
  yield lines.head;
  let left = job.limit ?? Number.POSITIVE_INFINITY;
  let after: Cursor | undefined;
  while (left > 0) {
    const limit = Math.min(PAGE_SIZE, left);
    // The filter is determined again for each page. If the connection was renamed or deleted meanwhile, an old filter
    // would find nobody, and the file would end early but look complete.
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

/** Returns the routes that send export files. Register them below `/api/v2`. */
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
    // If either side fails or disconnects, both are closed. The truncated file is then no valid gzip, so nobody takes
    // it for complete.
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
