/**
 * Judges the public address: does it lead to this server, securely, and with which client address does a request
 * arrive. Sign-in limits and the log identify people by that address.
 */
import type { OutsideFacts, SeenRequest } from '../../ports/examiner.js';
import { type Finding, findingsOf, judgeEnd } from './finding.js';

const { ok, warn, fail, skip } = findingsOf('outside');

type Seen = Extract<OutsideFacts, { readonly kind: 'seen' }>;

function judgePeer(seen: SeenRequest, origin: string): readonly Finding[] {
  const { peer, isPeerTrusted, hasForwardedFor, hasForwarded, isEncrypted } = seen;
  if ((hasForwardedFor || hasForwarded) && !isPeerTrusted)
    return [
      fail(
        `The proxy at ${peer} is not trusted: everybody who comes through it counts as one person, in limits and in the log.`,
        `Add ${peer} to VESTIBULE_TRUST_PROXY.`,
      ),
    ];
  if (hasForwardedFor) return [];
  if (hasForwarded)
    return [
      fail(
        `The proxy at ${peer} names its clients in Forwarded only, which is not read.`,
        'Let it send X-Forwarded-For, too.',
      ),
    ];
  if (origin.startsWith('https:') && !isEncrypted)
    return [
      fail(
        `The proxy at ${peer} does not say for whom it asks: everybody counts as one person, in limits and in the log.`,
        'Let it send X-Forwarded-For, and put its address into VESTIBULE_TRUST_PROXY.',
      ),
    ];
  if (!isPeerTrusted) return [];
  return [
    warn(
      `${peer} is trusted as a proxy, and asked without X-Forwarded-For: it is this machine, or a proxy that does not send it.`,
      'If a proxy is there, let it send that header; else take the address out of VESTIBULE_TRUST_PROXY.',
    ),
  ];
}

function judgeForged({ plain, forged, madeUp }: Seen): readonly Finding[] {
  if (forged.client !== madeUp) return [];
  // Nothing to report: this machine reached the server directly and is a trusted proxy, so its header may be believed.
  if (plain.isPeerTrusted && !plain.hasForwardedFor) return [];
  if (plain.isClientTrusted)
    return [
      skip(
        `Whether an address can be forged was not tried: this machine (${plain.client}) is trusted as a proxy.`,
        'Call `vestibule doctor` on another machine to try it.',
      ),
    ];
  return [
    fail(
      'Anybody can choose the address that they count for: a made-up X-Forwarded-For was believed.',
      'Let the proxy replace that header, or add to it; and list proxies in VESTIBULE_TRUST_PROXY, not networks of people.',
    ),
  ];
}

function judgeSeen(facts: Seen, origin: string, now: Date): readonly Finding[] {
  const { plain, certificateEnds } = facts;
  const end = certificateEnds && judgeEnd(certificateEnds, now);
  const worries = [
    ...(end === undefined
      ? []
      : [findingsOf('outside')[end.state](`The certificate at ${origin} ${end.words}.`, 'Renew it where TLS ends.')]),
    ...judgePeer(plain, origin),
    ...judgeForged(facts),
  ];
  const way = plain.isPeerTrusted ? `through the proxy at ${plain.peer}` : 'directly';
  const isWell = worries.every(({ state }) => state === 'skip');
  return isWell
    ? [ok(`${origin} leads to this server, ${way}; this machine counts as ${plain.client}.`), ...worries]
    : worries;
}

const reasonOf = (outside: Exclude<OutsideFacts, Seen>): string =>
  outside.kind === 'stranger' ? `status ${outside.status}` : outside.reason;

/** Judges the public address; `isRunning` says whether a server answers on this machine. */
export function judgeOutside(
  { isRunning, outside }: { readonly isRunning: boolean; readonly outside: OutsideFacts },
  origin: string,
  now: Date,
): readonly Finding[] {
  if (outside.kind === 'seen') return judgeSeen(outside, origin, now);
  const reason = reasonOf(outside);
  if (outside.kind === 'tls')
    return [
      fail(
        `The connection to ${origin} cannot be secured: ${reason}.`,
        'Look at the certificate, its chain and its name there; NODE_EXTRA_CA_CERTS names authorities of your own.',
      ),
    ];
  if (!isRunning)
    return [
      skip(
        `The way to ${origin} was not tried: no server runs on this machine, or answers there (${reason}).`,
        'Start it, then call `vestibule doctor` again.',
      ),
    ];
  if (outside.kind === 'unreachable')
    return [
      fail(
        `The server runs, but nothing answers at ${origin}: ${reason}.`,
        'Look at DNS, the firewall and the proxy; VESTIBULE_URL has to be the address that people reach.',
      ),
    ];
  return [
    fail(
      `Something else answers at ${origin} (${reason}), or a server with another VESTIBULE_SECRET_KEY.`,
      'Point the proxy to HOST and PORT of this server, with paths as they are.',
    ),
  ];
}
