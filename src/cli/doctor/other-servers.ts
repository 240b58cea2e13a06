/** Judges the servers on which this one relies: the mail server and the identity providers. */
import type { ConnectionFacts, MailFacts } from '../../ports/examiner.js';
import { type Finding, findingsOf, judgeEnd } from './finding.js';

const LOCAL = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/;
/** Maximum accepted clock skew of an IdP: beyond it, its tokens count as expired or not yet valid. */
const TOLERATED_MS = 60_000;

/** Judges mail; `facts` is undefined where there is no mail server. */
export function judgeMail(facts: MailFacts | undefined, sendTo: string | undefined): readonly Finding[] {
  const { ok, warn } = findingsOf('mail');
  if (facts === undefined)
    return [
      warn(
        'There is no mail server: invitations, codes and links wait in the database.',
        'Set SMTP_URL and MAIL_FROM, or set a server up by the Management API (POST /api/v2/emails/provider).',
      ),
    ];
  const { from, host, port, signsIn, isEncrypted, sender } = facts;
  const whose = from === 'tenant' ? "the tenant's own mail server" : 'the mail server of SMTP_URL';
  const how = `${signsIn ? 'took the password' : 'answers'}${isEncrypted ? ', over TLS' : ''}`;
  const sent = sendTo === undefined ? '' : ` It took a test mail for ${sendTo}.`;
  const found = [ok(`${host}:${port}, ${whose}, ${how}.${sent}`)];
  if (!isEncrypted && !LOCAL.test(host))
    found.push(
      warn(
        `Mails travel to ${host} unencrypted, with links that sign people in.`,
        'Use a server that offers STARTTLS, or smtps://.',
      ),
    );
  if (/@localhost>?$/.test(sender))
    found.push(
      warn(`The sender of mails is ${sender}: most servers refuse it.`, 'Set MAIL_FROM to an address of yours.'),
    );
  return found;
}

function adviceFor(check: string): string {
  if (check.endsWith('.forbidden'))
    return 'If the identity provider is in your own network, put that network into VESTIBULE_OUTBOUND_ALLOW.';
  if (check === 'connection.options') return 'Correct that option of the connection.';
  if (/\.(network|timeout|busy|breaker_open)$/.test(check))
    return 'Ask for its address from this machine with curl: a firewall, a proxy or DNS may be in the way. Else it is down.';
  if (check.endsWith('.http') || check.endsWith('.json'))
    return 'Open that address in a browser: it should show the metadata of the identity provider.';
  return 'Compare the options of the connection with the settings of the identity provider.';
}

/**
 * Warns of a connection without a client secret. Changing an address of the provider deletes the secret, and only
 * refused sign-ins show that.
 */
function judgeSecret({ name, strategy, lacksSecret }: ConnectionFacts): readonly Finding[] {
  if (!lacksSecret) return [];
  return [
    findingsOf('connections').warn(
      `${name} (${strategy}): no client secret is kept, so sign-ins send none; most identity providers refuse that.`,
      'Get the secret of this application from the identity provider, and type it in at the connection (console, Connections). It is also removed when an address of the provider changes.',
    ),
  ];
}

function judgeConnection({ name, strategy, finding, aheadMs }: ConnectionFacts, now: Date): readonly Finding[] {
  const { ok, warn, fail, ...rest } = findingsOf('connections');
  const title = `${name} (${strategy})`;
  if (!finding.ok) return [fail(`${title}: ${finding.detail} (${finding.check}).`, adviceFor(finding.check))];
  const found = [ok(`${title}: ${finding.issuer} answers, with ${finding.signingKeys} usable keys.`)];
  const text = finding.endpoints.certificate_expires;
  const end = text === undefined ? undefined : judgeEnd(new Date(text), now);
  if (end !== undefined)
    found.push(
      { ...rest, warn, fail }[end.state](
        `${title}: the certificate that signs its answers ${end.words}.`,
        'Get the new one from the administrator of the identity provider, and add it to the connection.',
      ),
    );
  if (aheadMs !== undefined && Math.abs(aheadMs) > TOLERATED_MS)
    found.push(
      warn(
        `${title}: its clock differs from this machine's by ${Math.round(Math.abs(aheadMs) / 1_000)} seconds.`,
        'One of the two is wrong; sign-ins are refused when tokens seem to be over, or not good yet.',
      ),
    );
  return found;
}

/** Judges each connection to an identity provider at the time `now`. */
export function judgeConnectionFacts(facts: readonly ConnectionFacts[], now: Date): readonly Finding[] {
  if (facts.length === 0)
    return [findingsOf('connections').skip('There is no connection to an identity provider, so none was asked.')];
  return facts.flatMap((one) => [...judgeConnection(one, now), ...judgeSecret(one)]);
}
