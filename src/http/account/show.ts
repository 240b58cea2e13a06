/**
 * Collects the data of the page of the account: of the signed-in person alone. Every query names their user id, so an id
 * of somebody else's session or factor shows nothing.
 */
import type { FastifyReply } from 'fastify';
import { deviceName } from '../../domain/device-name.js';
import { brandOf } from '../../domain/look/brand.js';
import type { Language } from '../../domain/look/languages.js';
import type { BrowserSession } from '../../domain/people/account.js';
import {
  enrollableKinds,
  findBarrier,
  findPerson,
  findReplaced,
  mayHaveAddress,
  mayHaveRecoveryCode,
  type Person,
  seenFactors,
} from '../../management/my-account/person.js';
import { sees } from '../../management/my-account/sessions.js';
import type { LogRecord } from '../../ports/directory/logs.js';
import { ACCOUNT_PATH } from '../login/urls.js';
import type { AccountPage } from '../pages/models.js';
import type { Said } from '../pages/speech.js';
import type { AccountDeps } from './deps.js';

/** Most sessions and sign-ins of the page. */
const MOST_SESSIONS = 50;
const MOST_SIGN_INS = 10;
/** Lines of sign-ins that are read, to name the devices of older sessions as well. */
const MOST_LINES = 100;

/** Auth0's type of the log lines of sign-ins. */
export const SIGN_INS = ['s'];

/** Returns the person of a session; undefined when the account is blocked or deleted. */
export function personOf(deps: AccountDeps, { userId, sessionId }: BrowserSession, at: Date) {
  return findPerson(deps.own.directory, { userId, sessionId }, at);
}

/** Lists the person's last sign-ins, the newest first. */
export async function listSignIns({ own }: AccountDeps, userId: string, limit: number): Promise<readonly LogRecord[]> {
  const page = { limit, newestFirst: true, count: false };
  return (await own.directory.logs.list({ userId, types: SIGN_INS }, page)).items;
}

const changesOf = (person: Person, at: Date): AccountPage['changes'] => {
  const barrier = findBarrier(person, at);
  return barrier === undefined ? 'allowed' : barrier === 'company' ? 'company' : 'ask';
};

interface Shown {
  readonly person: Person;
  readonly session: BrowserSession;
  readonly at: Date;
  /** The language that the person chose in this browser. */
  readonly language: Language | undefined;
}

/** Shows the page. `notice`: the result of the last action; `error`: a sentence on top, with status 409. */
export async function showAccount(
  reply: FastifyReply,
  deps: AccountDeps,
  { person, session, at, language }: Shown,
  { notice, error }: { readonly notice?: Said | undefined; readonly error?: Said | undefined } = {},
): Promise<FastifyReply> {
  const { user, organizations } = person;
  const { directory } = deps.own;
  const tenant = await deps.pipeline.reads.findTenant();
  const { items } = await directory.sessions.list(user.userId, at, { limit: MOST_SESSIONS });
  const sessions = items.filter((one) => sees(person, one, at));
  const isCompany = findBarrier(person, at) === 'company';
  const all = await listSignIns(deps, user.userId, MOST_LINES);
  const lines = isCompany ? all.filter(({ connectionId }) => connectionId === person.session?.connectionId) : all;
  const page: AccountPage = {
    page: 'account',
    brand: brandOf({ tenant }, deps.origin),
    action: ACCOUNT_PATH,
    errors: error === undefined ? [] : [{ field: 'change', message: error }],
    email: user.email ?? user.profile.name ?? user.userId,
    notice,
    changes: changesOf(person, at),
    hasPassword: person.passwordAt.length > 0 && user.email !== undefined,
    factors: seenFactors(person, at).map(({ id, kind, name, address, createdAt, lastUsedAt }) => ({
      ...{ id, kind, name: address ?? name, addedAt: createdAt, usedAt: lastUsedAt },
      canReplace: findReplaced(person, id) !== undefined,
    })),
    addable: enrollableKinds(person),
    mayHaveRecoveryCode: mayHaveRecoveryCode(person),
    mayAddAddress: mayHaveAddress(person),
    sessions: sessions
      .map(({ id, createdAt, lastUsedAt }) => {
        // A login writes its session and its line with the same time.
        const line = lines.find(({ date }) => date.getTime() === createdAt.getTime());
        const isThis = id === session.sessionId;
        return { id, device: deviceName(line?.userAgent), network: line?.ip, usedAt: lastUsedAt, isThis };
      })
      .sort((a, b) => Number(b.isThis) - Number(a.isThis) || b.usedAt.getTime() - a.usedAt.getTime()),
    signIns: lines.slice(0, MOST_SIGN_INS).map(({ date, clientName, userAgent, ip }) => ({
      ...{ at: date, application: clientName, device: deviceName(userAgent), network: ip },
    })),
    // A company's administrator may sit here: they see nothing of the person's other organizations.
    organizations: isCompany ? [] : organizations.map(({ displayName, name }) => displayName ?? name),
    languages: tenant.languages ?? [],
    language,
  };
  return deps.sendPage(reply, page, { tenant }, error === undefined ? 200 : 409);
}
