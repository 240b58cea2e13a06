/**
 * The texts in German of the refusals that people read only if their application has `refusals: page`. seen.ts has the
 * types.
 */
import { ADVICE } from '../advice.js';
import type { ToldWords } from '../seen.js';

const { application, startAgain, administrator, askAdministrator } = ADVICE.de;
const unusable = 'Diese Anmeldeanfrage kann nicht verwendet werden';
const unknown = 'Diese Organisation ist hier nicht bekannt';
const unfinished = 'Die Anwendung konnte Ihre Anmeldung nicht abschließen';

export const de: ToldWords = {
  'identify.unknown_audience': {
    title: unusable,
    sentence: 'Die Anwendung wollte auf etwas zugreifen, das hier nicht bekannt ist.',
    advice: application,
  },
  'identify.api_closed': {
    title: unusable,
    sentence: 'Die Anwendung wollte auf etwas zugreifen, das keine Anwendung verwenden darf.',
    advice: application,
  },
  'identify.api_not_granted': {
    title: unusable,
    sentence: 'Die Anwendung wollte auf etwas zugreifen, das sie nicht verwenden darf.',
    advice: application,
  },
  'identify.organization_required': {
    title: 'Es wurde keine Organisation genannt',
    sentence: 'Die Anwendung muss angeben, bei welcher Organisation Sie sich anmelden möchten, und hat es nicht getan.',
    advice: application,
  },
  'identify.organization_not_allowed': {
    title: 'Diese Anwendung verwendet keine Organisationen',
    sentence: 'Die Anwendung hat eine Organisation genannt, ist aber für die Arbeit ohne Organisationen eingerichtet.',
    advice: application,
  },
  'identify.organization_not_an_id': {
    title: 'Die Organisation wurde nicht verstanden',
    sentence: 'Die Anwendung hat die Organisation mit ihrem Namen genannt. Hier muss sie die ID senden.',
    advice: application,
  },
  'identify.unknown_organization': {
    title: unknown,
    sentence: 'Es gibt keine Organisation mit dem Namen oder der ID, die die Anwendung gesendet hat.',
    advice: application,
  },
  'identify.organization_name': {
    title: unknown,
    sentence: 'Die Anwendung hat einen Namen gesendet, den keine Organisation haben kann.',
    advice: application,
  },
  'identify.organization_not_chosen': {
    title: 'Organisation auswählen',
    sentence:
      'Die Anwendung muss wissen, bei welcher Organisation Sie sich anmelden möchten, und konnte Sie nicht fragen.',
    advice: startAgain,
  },
  'identify.organization_blocked': {
    title: 'Diese Organisation ist geschlossen',
    sentence: 'Zurzeit kann sich niemand bei dieser Organisation anmelden.',
    advice: askAdministrator,
  },
  'identify.application_not_entitled': {
    title: 'Diese Anwendung ist für Ihre Organisation nicht freigegeben',
    sentence: 'Ihre Organisation hat diese Anwendung nicht für ihre Mitglieder freigegeben.',
    advice: askAdministrator,
  },
  'identify.invitation_not_found': {
    title: 'Diese Einladung kann nicht verwendet werden',
    sentence: 'Die Einladung wurde bereits verwendet oder zurückgezogen, oder sie ist zu alt.',
    advice:
      'Wenn Sie sie schon angenommen haben, melden Sie sich wie gewohnt an. Bitten Sie sonst die Person, die Sie eingeladen hat, um eine neue Einladung.',
  },
  'identify.no_connections': {
    title: 'Es ist keine Anmeldung eingerichtet',
    sentence: 'Diese Organisation hat keine Möglichkeit zur Anmeldung eingerichtet.',
    advice: askAdministrator,
  },
  'identify.no_visible_connections': {
    title: 'Es gibt keine Anmeldung zur Auswahl',
    sentence: 'Diese Organisation zeigt keine ihrer Anmeldemöglichkeiten an, und die Anwendung hat keine ausgewählt.',
    advice: askAdministrator,
  },
  'identify.connection_not_enabled': {
    title: 'So können Sie sich hier nicht anmelden',
    sentence: 'Die Art, wie Sie sich angemeldet haben, wird hier nicht akzeptiert.',
    advice: 'Beginnen Sie in der Anwendung von vorn, und wählen Sie eine andere Möglichkeit zur Anmeldung.',
  },
  'authenticate.sign_in_too_old': {
    title: 'Melden Sie sich erneut an',
    sentence:
      'Die Anwendung hat Sie gebeten, sich erneut anzumelden. Die Antwort Ihres Unternehmens zeigte nicht, dass Sie das gerade getan haben.',
    advice: 'Melden Sie sich bei Ihrem Unternehmen ab, und beginnen Sie dann in der Anwendung von vorn.',
  },
  'authenticate.wrong_password': {
    title: 'E-Mail-Adresse oder Passwort falsch',
    sentence: 'E-Mail-Adresse oder Passwort ist falsch.',
    advice: 'Prüfen Sie beides und versuchen Sie es erneut, oder fordern Sie ein neues Passwort an.',
  },
  'authenticate.session_not_usable': {
    title: 'Anmelden',
    sentence: 'Sie sind hier nicht angemeldet, oder nicht so, wie diese Organisation es akzeptiert.',
    advice: startAgain,
  },
  'authenticate.sign_up_not_allowed': {
    title: 'Eine Einladung ist nötig',
    sentence: 'Um hier ein Konto zu eröffnen, brauchen Sie eine Einladung.',
    advice: administrator,
  },
  'resolve.ambiguous_account': {
    title: 'Wir können nicht erkennen, welches Konto Ihnen gehört',
    sentence: 'Diese Anmeldung führt nicht zu genau einem Konto dieser Organisation.',
    advice: askAdministrator,
  },
  'resolve.no_account': {
    title: 'Sie haben hier noch kein Konto',
    sentence: 'Ihr Unternehmen hat Sie angemeldet, aber damit wird hier kein Konto eröffnet.',
    advice:
      'Bitten Sie die Administration Ihrer Organisation, ein Konto für Sie zu eröffnen, und nennen Sie die Referenznummer.',
  },
  'resolve.other_user': {
    title: 'Die Anwendung erwartet eine andere Person',
    sentence: 'Die Anwendung hat nach einer bestimmten Person gefragt, und Sie haben sich als eine andere angemeldet.',
    advice: 'Gehen Sie zur Anwendung zurück, und melden Sie sich als die Person an, die sie kennt.',
  },
  'resolve.issuer_changed': {
    title: 'Ihr Unternehmen meldet Sie jetzt anders an',
    sentence:
      'Ihr Unternehmen verwendet einen neuen Anmeldedienst. Wir wissen noch nicht, welches Konto dort Ihnen gehört.',
    advice:
      'Fragen Sie die Administration Ihrer Organisation, und nennen Sie die Referenznummer. Ihr Konto hier ist unverändert.',
  },
  'resolve.seat_moved': {
    title: 'Diese Anmeldung wird nicht mehr verwendet',
    sentence:
      'Ihr Unternehmen hat Ihnen bei seinem Anmeldedienst ein neues Konto gegeben, und Sie sind mit dem früheren gekommen.',
    advice:
      'Melden Sie sich bei Ihrem Unternehmen ab, und kommen Sie mit dem neuen Konto zurück. Wenn es keines gibt, fragen Sie die Administration Ihrer Organisation, und nennen Sie die Referenznummer.',
  },
  'admit.organization_needed': {
    title: 'Es wurde keine Organisation genannt',
    sentence: 'Ihr Unternehmen meldet Sie für eine Organisation an, und die Anwendung hat nicht angegeben, für welche.',
    advice: application,
  },
  'admit.not_own_connection': {
    title: 'So erreichen Sie Ihr Konto nicht',
    sentence: 'Ihr Konto wurde auf andere Weise eröffnet. Diese Anmeldung gilt nur innerhalb einer Organisation.',
    advice: 'Melden Sie sich an wie bisher, oder wählen Sie in der Anwendung zuerst Ihre Organisation aus.',
  },
  'admit.user_blocked': {
    title: 'Sie können sich nicht anmelden',
    sentence: 'Diese Anmeldung wurde gesperrt.',
    advice: askAdministrator,
  },
  'admit.invitation_mismatch': {
    title: 'Diese Einladung gilt für eine andere Person',
    sentence:
      'Die Einladung nennt eine andere Person oder eine andere Möglichkeit zur Anmeldung. Sie kann noch verwendet werden.',
    advice:
      'Öffnen Sie den Link in der Einladung erneut, und melden Sie sich mit der Adresse an, an die er gesendet wurde.',
  },
  'admit.not_a_member': {
    title: 'Sie gehören noch nicht zu dieser Organisation',
    sentence: 'Sie haben nachgewiesen, wer Sie sind, aber dieses Konto gehört (noch) nicht zu der Organisation.',
    advice: administrator,
  },
  'act.denied': {
    title: 'Sie können sich hier nicht anmelden',
    sentence: 'Eine Regel, die die Anwendung bei der Anmeldung ausführt, hat Sie abgewiesen.',
    advice: askAdministrator,
  },
  'act.failed': {
    title: unfinished,
    sentence: 'Eine Regel, die die Anwendung bei der Anmeldung ausführt, wurde nicht fertig. Nichts wurde geändert.',
    advice: application,
  },
  'act.not_available': {
    title: unfinished,
    sentence:
      'Eine Regel, die die Anwendung bei der Anmeldung ausführt, verlangt etwas, das dieser Server noch nicht hat.',
    advice: application,
  },
  'act.factors': {
    title: 'Ein zweiter Schritt fehlt',
    sentence:
      'Eine Regel, die die Anwendung bei der Anmeldung ausführt, verlangt einen zweiten Schritt, den Ihr Konto hier nicht hat.',
    advice: askAdministrator,
  },
  'act.interaction_required': {
    title: 'Anmelden',
    sentence: 'Die Anwendung fragt Sie noch etwas, bevor Sie eingelassen werden.',
    advice: startAgain,
  },
  'act.route': {
    title: unfinished,
    sentence:
      'Eine Regel, die die Anwendung bei der Anmeldung ausführt, hat eine Anmeldung gewählt, die Sie hier nicht verwenden können.',
    advice: application,
  },
  'act.primary_user': {
    title: unfinished,
    sentence:
      'Eine Regel, die die Anwendung bei der Anmeldung ausführt, hat ein Konto gewählt, das nicht zu dieser Anmeldung gehört.',
    advice: application,
  },
  'commit.conflict': {
    title: 'Versuchen Sie es noch einmal',
    sentence:
      'Dieses Konto oder seine Organisation wurde geändert, während Sie sich anmeldeten. Deshalb haben wir abgebrochen.',
    advice: startAgain,
  },
  'authenticate.factor_required': {
    title: 'Ein weiterer Schritt',
    sentence: 'Diese Anmeldung braucht einen zweiten Schritt, und die Anwendung wollte, dass wir keine Seite zeigen.',
    advice: startAgain,
  },
};
