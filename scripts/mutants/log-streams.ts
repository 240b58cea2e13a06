// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source, not templates
/** Faults in log streams: lines that are skipped, sent in the wrong order, or sent with secrets of another endpoint. */
import { type Mutant, mutantsOf } from './mutant.js';

const STREAMS = 'test/storage/log-streams.test.ts';
const DELIVERY = 'test/connectors/log-delivery.test.ts';
const API = 'test/management/log-streams.test.ts';

export const LOG_STREAM_MUTANTS: readonly Mutant[] = [
  ...mutantsOf('src/management/log-streams/log-streams.ts', [
    'log streams: two at once find room for the last one',
    "  await call.directory.locks.lock('tenant', []);\n",
    '',
    API,
  ]),
  ...mutantsOf('src/storage/directory/tenant/logs.ts', [
    'log streams: lines of open transactions are passed over',
    'logs.position < pg_snapshot_xmin(pg_current_snapshot())::text::bigint',
    'true',
    STREAMS,
  ]),
  ...mutantsOf(
    'src/storage/jobs/run-log-streams.ts',
    [
      'log streams: a node that lost its lease goes on',
      "if (moved === undefined) return 'lost';",
      "if (moved === undefined) return 'moved';",
      STREAMS,
    ],
    [
      'log streams: a cursor moves under the lease of another node',
      'where id = $1 and attempts = $2 returning status, revision`',
      'where id = $1 and $2 > 0 returning status, revision`',
      STREAMS,
    ],
    [
      'log streams: what was changed is noticed a turn later',
      "moved.status === 'active' && moved.revision === row.revision ? 'moved' : 'changed'",
      "'moved'",
      STREAMS,
    ],
    [
      'log streams: an endpoint is tried for ever',
      'addSeconds(counted.failing_since, SUSPEND_SECONDS)',
      'addSeconds(now, 1)',
      STREAMS,
    ],
  ),
  ...mutantsOf('src/storage/housekeeping.ts', [
    'log streams: lines that wait are deleted',
    "s.status = 'active'",
    'false',
    STREAMS,
  ]),
  ...mutantsOf('src/storage/log-order.ts', [
    'log streams: cursors stay behind after a restore',
    "await queryRows(db, 'update log_streams set sent_position = sent_position - $1', [ahead]);",
    '',
    STREAMS,
  ]),
  ...mutantsOf(
    'src/domain/log-stream.ts',
    ['log streams: the time is not signed', 'update(`${seconds}.${body}`)', 'update(body)', DELIVERY],
    ['log streams: a header with a line break', '/^[\\t\\x20-\\x7e]{0,4096}$/', '/^/', DELIVERY, API],
    ['log streams: a header of the request itself', 'if (OWN_HEADERS.test(name))', 'if (false)', DELIVERY, API],
  ),
  ...mutantsOf('src/connectors/log-delivery.ts', [
    'log streams: a redirect counts as taken',
    'status >= 200 && status < 300',
    'status < 400',
    DELIVERY,
  ]),
  ...mutantsOf(
    'src/management/log-streams/log-streams.ts',
    [
      'log streams: secrets are shown to every reader',
      "call.caller.scopes.has('update:log_streams')",
      'call.caller.scopes.size > 0',
      API,
    ],
    ['log streams: lines are sent unmasked', 'if (body.pii_config !== undefined)', 'if (false)', API],
  ),
];
