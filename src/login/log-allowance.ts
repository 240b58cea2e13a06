/**
 * Limits the refusals in the login log: lines and bytes a minute for each network, and the length of each text. Every
 * refusal reaches the log through here. Attack: strangers fill the database with requests that are refused, one line
 * each. The refused person gets the same answer and reference number either way. A line that is left out of the login
 * log is still in the server's own log, and one line a minute summarizes those lines. Each node counts in memory: a
 * restart resets the counts, which does no harm.
 */
import type { Clock } from '../kernel/clock.js';
import { type Entropy, newLogId } from '../kernel/ids.js';
import { type NetworkWidth, networksOf } from '../kernel/networks.js';
import type { Ledger, LogEntry } from '../ports/ledger.js';

const WINDOW_MS = 60_000;
/**
 * Lines that a whole network may cause, as a multiple of one machine's limit. `site`: the network that a provider gives
 * one customer; `block`: the smallest network with its own route.
 */
const SHARES: Readonly<Record<NetworkWidth, number>> = { machine: 1, site: 2, block: 4 };
const EVERYBODY = 'everybody';
const EVERYBODY_SHARE = 100;
/**
 * Lines of people who had proved their identity, as a multiple of the strangers' limit. They are counted separately: a
 * flood by strangers must not hide the lines of these few, known people. They have a limit too, because an identity
 * provider can sign in any number of people.
 */
const PROVED_SHARE = 5;
/**
 * Bytes that a line may have on average. Attack: a stranger causes only lines of the greatest length, which would make
 * five times as many bytes.
 */
const BYTES_PER_LINE = 2_000;
/** Maximum number of networks that a summary names. */
const NAMED = 10;
/** Characters of a text in a line. Longer ones are cut: an identity provider's error description can have 64 kB. */
const MAX_TEXT_CHARACTERS = 2_000;

interface AllowanceLog {
  warn(fields: object, message: string): void;
}

export interface BoundedLedger extends Ledger {
  /** Writes the summary of the lines that were left out. */
  close(): Promise<void>;
}

export interface LogAllowanceDeps {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: AllowanceLog;
  /**
   * Maximum number of lines a minute that strangers at one machine may cause. This number times `BYTES_PER_LINE` limits
   * their bytes.
   */
  readonly linesPerMinute: number;
  /** Called with the refusal's code for each line that is left out, for the server's metrics. */
  readonly onLeftOut: (code: string) => void;
}

/** Counts of left-out lines by name: a refusal's code, or a network. */
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

/** Returns the value with its texts shortened, or the same object when no text is too long. */
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
    // Limits only failures (types that begin with f). Successes have natural limits: one sign-out for each session.
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

  /**
   * Counts a line for each network of its sender. When a network is at its limit, returns that network's name and
   * counts nothing.
   */
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

  /**
   * Writes one line about all lines left out since the last summary. If this fails, the server's own log still has the
   * summary.
   */
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
    // `api_limit` is Auth0's type for an exceeded rate limit.
    await ledger
      .append({ logId: newLogId(entropy, date), date, type: 'api_limit', description, details })
      .catch((error: Error) => this.deps.log.warn({ reason: error.message }, 'their line could not be written'));
  }
}

/** Wraps an unlimited ledger with the limits for refusals. The caller closes the result. */
export function createBoundedLedger(deps: LogAllowanceDeps): BoundedLedger {
  return new Allowance(deps);
}
