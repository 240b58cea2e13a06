/**
 * The one way by which refusals come into the login log: as many a minute as the networks that they come from may cause, and none longer
 * than a line is. Stops strangers from filling the database with requests that cost them one line. Whoever is refused gets the same answer
 * and number; what is left out is in the server's own log, is counted, and is one line for each minute. Per node and in memory: a restart
 * forgets, which costs nothing.
 */
import type { Clock } from '../kernel/clock.js';
import { type Entropy, newLogId } from '../kernel/ids.js';
import { type NetworkWidth, networksOf } from '../kernel/networks.js';
import type { Ledger, LogEntry } from '../ports/ledger.js';

const WINDOW_MS = 60_000;
/** How many machines' worth of lines a customer, a block, and all networks together may cause. */
const SHARES: Readonly<Record<NetworkWidth, number>> = { machine: 1, site: 2, block: 4 };
const EVERYBODY = 'everybody';
const EVERYBODY_SHARE = 100;
/**
 * People who had proved who they are have lines of their own, and more: they are few, each can be named, and whoever floods as a stranger
 * must not hide them. They are not without end either: an identity provider signs in whom it likes.
 */
const PROVED_SHARE = 5;
/** Networks that a summary names. */
const NAMED = 10;
/** Of a text that came with a request: the description of an error that an identity provider "sent" may have 64 kB. */
const MAX_TEXT_CHARACTERS = 2_000;

interface AllowanceLog {
  warn(fields: object, message: string): void;
}

export interface BoundedLedger extends Ledger {
  /** Writes the line about what was left out, and stops. */
  close(): Promise<void>;
}

export interface LogAllowanceDeps {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: AllowanceLog;
  /** Lines that strangers at one machine may cause in a minute. */
  readonly linesPerMinute: number;
  /** Called with the code of each line that is left out; for figures. */
  readonly onLeftOut: (code: string) => void;
}

/** What refused a line, or where it came from, and how often. */
type Tally = Map<string, number>;

const count = (tally: Tally, name: string) => tally.set(name, (tally.get(name) ?? 0) + 1);

function codeOf({ details, type }: LogEntry): string {
  const { code, check } = details;
  return typeof code === 'string' ? code : typeof check === 'string' ? check : type;
}

const isTooLong = (value: unknown): boolean =>
  typeof value === 'string'
    ? value.length > MAX_TEXT_CHARACTERS
    : typeof value === 'object' && value !== null && Object.values(value).some(isTooLong);

/** The same value, its texts cut: the very same where none is too long. */
function shorten(value: unknown): unknown {
  if (typeof value === 'string')
    return value.length > MAX_TEXT_CHARACTERS ? `${value.slice(0, MAX_TEXT_CHARACTERS)}…` : value;
  if (!isTooLong(value)) return value;
  if (Array.isArray(value)) return value.map(shorten);
  return Object.fromEntries(Object.entries(value as object).map(([name, item]) => [name, shorten(item)]));
}

class Allowance implements BoundedLedger {
  readonly #lines: Tally = new Map();
  #startedAtMs: number;
  #leftOut = { since: new Date(0), codes: new Map() as Tally, networks: new Map() as Tally };
  #timer: NodeJS.Timeout | undefined;

  constructor(readonly deps: LogAllowanceDeps) {
    this.#startedAtMs = deps.clock.monotonicMs();
  }

  async append(entry: LogEntry): Promise<void> {
    // What was done is bounded by what it was done to, such as a sign-out by its session. Auth0's types of what failed begin with an f.
    if (!entry.type.startsWith('f')) return this.deps.ledger.append(entry);
    if (this.deps.clock.monotonicMs() - this.#startedAtMs >= WINDOW_MS) {
      this.#lines.clear();
      this.#startedAtMs = this.deps.clock.monotonicMs();
      void this.#sumUp();
    }
    const usedUp = this.#take(entry);
    if (usedUp === undefined) return this.deps.ledger.append(shorten(entry) as LogEntry);
    this.#leaveOut(entry, usedUp);
  }

  async close(): Promise<void> {
    await this.#sumUp();
  }

  /** Counts a line for all networks that it comes from; where one of them is at its limit, its name, and nothing is counted. */
  #take({ ip = '', hasProof = false }: LogEntry): string | undefined {
    const lines = this.deps.linesPerMinute * (hasProof ? PROVED_SHARE : 1);
    const counters = [
      ...networksOf(ip).map(({ name, width }) => ({ name, most: lines * SHARES[width] })),
      { name: EVERYBODY, most: lines * EVERYBODY_SHARE },
    ].map((counter) => ({ ...counter, key: `${hasProof} ${counter.name}` }));
    const usedUp = counters.find(({ key, most }) => (this.#lines.get(key) ?? 0) >= most);
    if (usedUp === undefined) for (const { key } of counters) count(this.#lines, key);
    return usedUp?.name;
  }

  #leaveOut(entry: LogEntry, network: string): void {
    const code = codeOf(entry);
    const { reference } = entry.details;
    this.deps.log.warn({ reference, code, network }, 'refused; this network has had its lines in the login log');
    this.deps.onLeftOut(code);
    if (this.#leftOut.codes.size === 0) this.#leftOut.since = entry.date;
    count(this.#leftOut.codes, code);
    count(this.#leftOut.networks, network);
    this.#timer ??= setTimeout(() => void this.#sumUp(), WINDOW_MS).unref();
  }

  /** One line about all that were left out since the last one. What cannot be written is in the server's own log all the same. */
  async #sumUp(): Promise<void> {
    const { since, codes, networks } = this.#leftOut;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (codes.size === 0) return;
    this.#leftOut = { since, codes: new Map(), networks: new Map() };
    const { clock, entropy, ledger } = this.deps;
    const date = clock.now();
    const leftOut = [...codes.values()].reduce((sum, number) => sum + number, 0);
    const most = [...networks].sort(([, a], [, b]) => b - a).slice(0, NAMED);
    const details = {
      left_out: leftOut,
      codes: Object.fromEntries(codes),
      networks: Object.fromEntries(most),
      from: since.toISOString(),
      to: date.toISOString(),
    };
    const description = `${leftOut} refusals were left out of this log: their networks had had their lines`;
    this.deps.log.warn(details, 'lines were left out of the login log');
    // Auth0's type for a limit of requests that was passed.
    await ledger
      .append({ logId: newLogId(entropy, date), date, type: 'api_limit', description, details })
      .catch((error: Error) => this.deps.log.warn({ reason: error.message }, 'their line could not be written'));
  }
}

/** The ledger for refusals, over the one that keeps everything. Its caller closes it. */
export function createBoundedLedger(deps: LogAllowanceDeps): BoundedLedger {
  return new Allowance(deps);
}
