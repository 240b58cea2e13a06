/** The refusals in German; the keys are those of refusals/seen.ts. */
import type { RefusalWords } from './seen.js';

const application =
  'Gehen Sie zur Anwendung zurück und versuchen Sie es erneut. Wenn es wieder geschieht, nennen Sie deren Support die Referenznummer.';
const startAgain = 'Beginnen Sie in der Anwendung von vorn.';
const administrator =
  'Bitten Sie eine Administratorin oder einen Administrator Ihrer Organisation um eine Einladung, und nennen Sie die Referenznummer.';
const unusable = {
  title: 'Diese Anmeldeanfrage kann nicht verwendet werden',
  sentence:
    'Die Anwendung, von der Sie kommen, hat eine Anfrage gestellt, der wir nicht vertrauen können. Deshalb haben wir Sie nicht zu ihr zurückgesendet.',
  advice: application,
};

export const refusalsDe: RefusalWords = {
  'identify.unknown_client': {
    title: 'Diese Anwendung ist hier nicht bekannt',
    sentence: 'Die Anwendung, von der Sie kommen, ist auf diesem Anmeldeserver nicht registriert.',
    advice: application,
  },
  'identify.invalid_request': unusable,
  'identify.callback_mismatch': unusable,
  'identify.connection_changed': {
    title: 'Melden Sie sich erneut an',
    sentence:
      'Die Einstellungen der Anmeldung wurden geändert, während Sie sich angemeldet haben. Deshalb konnten wir die Antwort nicht verwenden.',
    advice: startAgain,
  },
  'identify.request_too_large': {
    title: 'Die Anfrage ist zu groß',
    sentence: 'Die Anwendung hat mehr Daten gesendet, als ein Browser während einer Anmeldung behalten kann.',
    advice: application,
  },
  'authenticate.unknown_transaction': {
    title: 'Diese Anmeldung kann nicht fortgesetzt werden',
    sentence:
      'Sie ist bereits abgeschlossen, hat länger als eine Stunde gedauert oder wurde in einem anderen Browser begonnen.',
    advice: 'Gehen Sie zur Anwendung zurück. Wenn Sie dort nicht angemeldet sind, beginnen Sie von vorn.',
  },
  'authenticate.ticket_not_usable': {
    title: 'Dieser Link kann nicht verwendet werden',
    sentence:
      'Der Link wurde bereits verwendet, ist zu alt oder wurde nicht vollständig kopiert. Jeder Link gilt einmal.',
    advice: 'Gehen Sie zur Anwendung zurück und fordern Sie einen neuen an.',
  },
  'authenticate.idp_denied': {
    title: 'Ihr Unternehmen hat Sie nicht angemeldet',
    sentence: 'Die Anmeldeseite Ihres Unternehmens endete, ohne Sie anzumelden.',
    advice: 'Beginnen Sie in der Anwendung von vorn, oder fragen Sie die IT-Abteilung Ihres Unternehmens.',
  },
  'authenticate.idp_unreachable': {
    title: 'Wir erreichen Ihr Unternehmen nicht',
    sentence: 'Die Anmeldung Ihres Unternehmens hat nicht geantwortet.',
    advice:
      'Warten Sie eine Minute und beginnen Sie in der Anwendung von vorn. Wenn es anhält, nennen Sie der IT-Abteilung Ihres Unternehmens die Referenznummer.',
  },
  'authenticate.idp_keys': {
    title: 'Wir konnten nicht prüfen, wer Sie sind',
    sentence:
      'Ihr Unternehmen hat Sie angemeldet. Wir konnten aber die Schlüssel nicht abrufen, mit denen wir seine Antwort prüfen.',
    advice:
      'Warten Sie eine halbe Minute und beginnen Sie in der Anwendung von vorn. Wenn es anhält, nennen Sie der IT-Abteilung Ihres Unternehmens die Referenznummer.',
  },
  'authenticate.idp_invalid': {
    title: 'Die Antwort Ihres Unternehmens konnte nicht geprüft werden',
    sentence:
      'Die Antwort der Anmeldung Ihres Unternehmens hat unsere Prüfungen nicht bestanden. Deshalb haben wir sie nicht verwendet.',
    advice:
      'Beginnen Sie in der Anwendung von vorn. Wenn es wieder geschieht, nennen Sie der IT-Abteilung Ihres Unternehmens die Referenznummer.',
  },
  'authenticate.too_many_attempts': {
    title: 'Zu viele Versuche',
    sentence: 'In kurzer Zeit gab es zu viele Versuche. Deshalb pausieren wir eine Weile.',
    advice: 'Warten Sie eine Viertelstunde, dann versuchen Sie es erneut oder fordern Sie ein neues Passwort an.',
  },
  'authenticate.proof_failed': {
    title: 'Wir konnten nicht bestätigen, dass Sie es sind',
    sentence:
      'Der Code oder das Passwort war falsch, oder es hat zu lange gedauert. Es wurde nichts geändert. Eine Einladung kann weiterhin verwendet werden.',
    advice: 'Beginnen Sie in der Anwendung oder mit der Einladung von vorn.',
  },
  'admit.sso_required': {
    title: 'Ihr Unternehmen meldet Sie an',
    sentence:
      'In dieser Organisation melden sich Personen Ihres Unternehmens beim Unternehmen an, nicht mit einem Passwort.',
    advice:
      'Melden Sie sich mit Ihrer dienstlichen Adresse an. Wenn das Unternehmen Sie nicht anmelden kann, fragen Sie die Administration Ihrer Organisation.',
  },
  'admit.not_in_pilot': {
    title: 'Die Anmeldung Ihres Unternehmens steht Ihnen noch nicht offen',
    sentence: 'Ihre Organisation erprobt die Anmeldung Ihres Unternehmens zunächst mit wenigen Personen.',
    advice:
      'Melden Sie sich an wie bisher. Wenn Sie zu den Ersten gehören sollten, fragen Sie die Administration Ihrer Organisation.',
  },
  'admit.invitation_needs_company': {
    title: 'Ihr Unternehmen meldet Sie an',
    sentence:
      'Diese Einladung gilt für ein Passwort. In der Organisation melden sich Personen Ihres Unternehmens jetzt beim Unternehmen an.',
    advice:
      'Bitten Sie um eine neue Einladung, die die Anmeldung Ihres Unternehmens verwendet, und nennen Sie die Referenznummer.',
  },
  'act.registration_denied': {
    title: 'Das Konto wurde nicht eröffnet',
    sentence: 'Eine Regel, die die Anwendung für neue Konten ausführt, hat Sie abgewiesen.',
    advice: administrator,
  },
  'act.busy': {
    title: 'Versuchen Sie es in einer Minute erneut',
    sentence: 'Die Regeln, die die Anwendung bei der Anmeldung ausführt, sind im Moment alle ausgelastet.',
    advice: startAgain,
  },
  'commit.replayed': {
    title: 'Diese Anmeldung ist abgeschlossen',
    sentence: 'Diese Anmeldung wurde bereits abgeschlossen, vielleicht in einem anderen Tab.',
    advice: 'Gehen Sie zur Anwendung zurück.',
  },
};
