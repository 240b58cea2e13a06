/**
 * Every refusal reaches the login log through here. Limits the lines and the bytes a minute by the networks that cause them, and the length of
 * each text.
 * Stops strangers from filling the database with requests that cost them one line. A refused person gets the same answer and number either
 * way. A line that is left out is in the server's own log and is counted, and each minute gets one summary line. Per node and in memory: a
 * restart forgets the counts, which does no harm.
 */
import type { Clock } from '../kernel/clock.js';
import { type Entropy, newLogId } from '../kernel/ids.js';
import { type NetworkWidth, networksOf } from '../kernel/networks.js';
import type { Ledger, LogEntry } from '../ports/ledger.js';

const WINDOW_MS = 60_000;
/** The lines that a customer, a block, and all networks together may cause, as a multiple of one machine's. */
const SHARES: Readonly<Record<NetworkWidth, number>> = { machine: 1, site: 2, block: 4 };
const EVERYBODY = 'everybody';
const EVERYBODY_SHARE = 100;
/**
 * People who had proved their identity have a higher limit of their own: they are few, each is known, and a flood by strangers must not
 * hide them. They have a limit too, because an identity provider can sign in as many people as it likes.
 */
const PROVED_SHARE = 5;
/** Bytes that a line may have on average. Stops a stranger from causing only the longest: a minute's lines would be five times as many bytes. */
const BYTES_PER_LINE = 2_000;
/** The number of networks that a summary names. */
const NAMED = 10;
/** Longest text that came with a request: the description of an error that an identity provider "sent" may have 64 kB. */
const MAX_TEXT_CHARACTERS = 2_000;

interface AllowanceLog {
  warn(fields: object, message: string): void;
}

export interface BoundedLedger extends Ledger {
  /** Writes the summary of the lines that were left out, and stops. */
  close(): Promise<void>;
}

export interface LogAllowanceDeps {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: AllowanceLog;
  /** Lines that strangers at one machine may cause in a minute, at 2 kB each. */
  readonly linesPerMinute: number;
  /** Called with the code of each line that is left out; for figures. */
  readonly onLeftOut: (code: string) => void;
}

/** Counts by name: a refusal's code, or a network. */
type Tally = Map<string, number>;

const count = (tally: Tally, name: string, by = 1) => tally.set(name, (tally.get(name) ?? 0) + by);

function codeOf({ details, type }: LogEntry): string {
  const { code, check } = details;
  return typeof code === 'string' ? code : typeof check === 'string' ? check : type;
}

const isTooLong = (value: unknown): boolean =>
  typeof value === 'string'
    ? value.length > MAX_TEXT_CHARACTERS
    : typeof value === 'object' && value !== null && Object.values(value).some(isTooLong);

/** The same value with its texts shortened; the very same object where none is too long. */
function shorten(value: unknown): unknown {
  if (typeof value === 'string')
    return value.length > MAX_TEXT_CHARACTERS ? `${value.slice(0, MAX_TEXT_CHARACTERS)}…` : value;
  if (!isTooLong(value)) return value;
  if (Array.isArray(value)) return value.map(shorten);
  return Object.fromEntries(Object.entries(value as object).map(([name, item]) => [name, shorten(item)]));
}

class Allowance implements BoundedLedger {
  readonly #lines: Tally = new Map();
  readonly #bytes: Tally = new Map();
  #startedAtMs: number;
  #leftOut = { since: new Date(0), codes: new Map() as Tally, networks: new Map() as Tally };
  #timer: NodeJS.Timeout | undefined;

  constructor(readonly deps: LogAllowanceDeps) {
    this.#startedAtMs = deps.clock.monotonicMs();
  }

  async append(entry: LogEntry): Promise<void> {
    // Events that did happen are limited by their object, such as a sign-out by its session. Auth0's types of failures begin with an f.
    if (!entry.type.startsWith('f')) return this.deps.ledger.append(entry);
    if (this.deps.clock.monotonicMs() - this.#startedAtMs >= WINDOW_MS) {
      this.#lines.clear();
      this.#bytes.clear();
      this.#startedAtMs = this.deps.clock.monotonicMs();
      void this.#sumUp();
    }
    const line = shorten(entry) as LogEntry;
    const usedUp = this.#take(line);
    if (usedUp === undefined) return this.deps.ledger.append(line);
    this.#leaveOut(entry, usedUp);
  }

  async close(): Promise<void> {
    await this.#sumUp();
  }

  /** Counts a line for all networks that it comes from. Where one is at its limit, returns that network's name and counts nothing. */
  #take(line: LogEntry): string | undefined {
    const { ip = '', hasProof = false } = line;
    const bytes = Buffer.byteLength(JSON.stringify(line));
    const lines = this.deps.linesPerMinute * (hasProof ? PROVED_SHARE : 1);
    const counters = [
      ...networksOf(ip).map(({ name, width }) => ({ name, most: lines * SHARES[width] })),
      { name: EVERYBODY, most: lines * EVERYBODY_SHARE },
    ].map((counter) => ({ ...counter, key: `${hasProof} ${counter.name}` }));
    const usedUp = counters.find(
      ({ key, most }) => (this.#lines.get(key) ?? 0) >= most || (this.#bytes.get(key) ?? 0) >= most * BYTES_PER_LINE,
    );
    if (usedUp !== undefined) return usedUp.name;
    for (const { key } of counters) {
      count(this.#lines, key);
      count(this.#bytes, key, bytes);
    }
    return undefined;
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

  /** One line about all that were left out since the last one. If it cannot be written, the server's own log still has it. */
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

/** The ledger for refusals, on top of the one without limits. The caller closes it. */
export function createBoundedLedger(deps: LogAllowanceDeps): BoundedLedger {
  return new Allowance(deps);
}
