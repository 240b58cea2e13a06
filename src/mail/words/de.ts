/** The mails in German. */
import type { MailLanguage } from './mail-language.js';

const SUPPORT =
  'Diese E-Mail ging an {{ to }}, die support_email des Mandanten. Wenn Sie sie nicht erwartet haben, steht im Protokoll des Mandanten mehr dazu.';

/** The kind of a second factor. */
const FACTOR =
  '{% case factor %}{% when "otp" %}Authenticator-App{% when "email" %}E-Mail-Adresse für Codes{% when "webauthn-roaming" %}Sicherheitsschlüssel{% when "webauthn-platform" %}dieses Gerät{% when "passkey" %}Passkey{% else %}Wiederherstellungscode{% endcase %}';

export const DE: MailLanguage = {
  moment: '{{ moment }} UTC',
  buttonHint: 'Wenn die Schaltfläche nicht funktioniert, öffnen Sie diese Adresse:',
  footer: 'Gesendet an {{ to }} im Auftrag von {{ title }}.',
  mails: {
    invitation: {
      subject: '{{ inviterName }} lädt Sie zu {{ organizationTitle }} ein',
      heading: 'Einladung zu {{ organizationTitle }}',
      lead: [
        '{{ inviterName }} lädt Sie ein, {{ applicationName }} als Mitglied von {{ organizationTitle }} zu nutzen.',
        'Die Einladung gilt für {{ to }}.',
      ],
      button: 'Einladung annehmen',
      notes: [
        'Die Einladung ist gültig bis {{ expiresAt }}.',
        'Wenn Sie die Einladung nicht erwartet haben oder {{ inviterName }} nicht kennen, müssen Sie nichts tun. Ohne diesen Link kann niemand beitreten, und er verfällt von selbst.',
      ],
    },
    proof_code: {
      subject: 'Ihr Code für {{ organizationTitle }}',
      heading: 'Ihr Code für {{ organizationTitle }}',
      lead: [
        '{% case reason %}{% when "invited" %}Sie haben eine Einladung zu {{ organizationTitle }} geöffnet. Ein Einladungslink kann weitergegeben werden. Dieser Code zeigt, dass die Adresse {{ to }} Ihnen gehört.{% when "sign_up" %}Sie eröffnen ein Konto bei {{ organizationTitle }}. Dieser Code zeigt, dass die Adresse {{ to }} Ihnen gehört.{% else %}Sie melden sich bei {{ organizationTitle }} mit {{ connectionTitle }} an. Dieser Code zeigt, dass die Adresse {{ to }} Ihnen gehört.{% endcase %}',
        'Geben Sie ihn auf der Seite ein, die danach gefragt hat:',
      ],
      code: true,
      notes: [
        'Der Code ist {{ minutes }} Minuten gültig. Die Anfrage kam von der Netzwerkadresse {{ ip }}.',
        'Wenn Sie das nicht waren, müssen Sie nichts tun. Geben Sie den Code niemandem. Ohne ihn kommt niemand in Ihr Konto.',
      ],
    },
    factor_code: {
      subject: 'Ihr Code für {{ title }}',
      heading: 'Ihr Code für {{ title }}',
      lead: [
        '{% if reason == "set_up" %}Die Adresse {{ to }} wird bei {{ title }} als zweiter Schritt hinzugefügt.{% else %}Jemand meldet sich mit Ihrem Passwort bei {{ title }} an und hat als zweiten Schritt einen Code angefordert.{% endif %} Wenn Sie das sind, geben Sie diesen Code ein:',
      ],
      code: true,
      notes: [
        'Der Code ist {{ minutes }} Minuten gültig und funktioniert einmal. Die Anfrage kam von der Netzwerkadresse {{ ip }}.',
        'Wenn Sie das nicht waren, geben Sie den Code niemandem und ändern Sie Ihr Passwort.',
      ],
    },
    password_reset: {
      subject: 'Wählen Sie ein neues Passwort für {{ title }}',
      heading: 'Neues Passwort wählen',
      lead: [
        'Für {{ to }} bei {{ title }} wurde ein neues Passwort angefordert. Wenn Sie das waren, wählen Sie es hier:',
      ],
      button: 'Neues Passwort wählen',
      notes: [
        'Der Link funktioniert einmal, bis {{ expiresAt }}. Die Anfrage kam von der Netzwerkadresse {{ ip }}.',
        'Wenn Sie das nicht waren, müssen Sie nichts tun. Ihr Passwort ändert sich nicht.',
      ],
    },
    password_changed: {
      subject: 'Ihr Passwort für {{ title }} wurde geändert',
      heading: 'Ihr Passwort wurde geändert',
      lead: [
        'Das Passwort von {{ to }} bei {{ title }} wurde geändert: {{ at }}, von der Netzwerkadresse {{ ip }}.',
        'Wenn Sie das waren, müssen Sie nichts tun. Sie wurden überall abgemeldet.',
        'Wenn Sie das nicht waren, hat möglicherweise jemand anderes Zugang zu Ihrem Konto. Öffnen Sie jetzt die Anmeldeseite, wählen Sie „Passwort vergessen?“ und informieren Sie Ihren Administrator.',
      ],
      button: 'Zur Anmeldung',
      notes: [],
    },
    factor_changed: {
      subject: 'Die zweiten Faktoren Ihres Kontos bei {{ title }} wurden geändert',
      heading: 'Ihre zweiten Faktoren wurden geändert',
      lead: [
        `{% case change %}{% when "added" %}Hinzugefügt: ${FACTOR}.{% when "removed" %}Entfernt: ${FACTOR}.{% when "reset" %}Alle zweiten Faktoren wurden entfernt.{% else %}Es gibt einen neuen Wiederherstellungscode. Der bisherige gilt nicht mehr.{% endcase %}`,
        'Das geschah für {{ to }} bei {{ title }}: {{ at }}, {% if ip == "" %}durch einen Administrator{% else %}von der Netzwerkadresse {{ ip }}{% endif %}.',
        'Wenn Sie das waren oder darum gebeten haben, müssen Sie nichts tun.',
        '{% if url %}Wenn Sie das nicht waren, hat möglicherweise jemand anderes Zugang zu Ihrem Konto. Drücken Sie den Knopf spätestens am {{ expiresAt }}: Er entfernt alle zweiten Faktoren und Passkeys, beendet das Passwort und meldet alle ab. Informieren Sie danach Ihren Administrator.{% else %}Wenn Sie das nicht waren, hat möglicherweise jemand anderes Zugang zu Ihrem Konto. Ändern Sie jetzt Ihr Passwort und informieren Sie Ihren Administrator.{% endif %}',
      ],
      button: 'Das war ich nicht',
      notes: [],
    },
    enrollment_email: {
      subject: 'Richten Sie einen zweiten Schritt für {{ title }} ein',
      heading: 'Zweiten Schritt einrichten',
      lead: [
        'Ihr Konto bei {{ title }} soll bei der Anmeldung einen zweiten Schritt bekommen, damit ein gestohlenes Passwort nicht ausreicht. Richten Sie ihn hier ein:',
      ],
      button: 'Zweiten Schritt einrichten',
      notes: [
        'Der Link funktioniert einmal, bis {{ expiresAt }}. Er meldet Sie nicht an.',
        'Wenn Sie diese E-Mail nicht erwartet haben, öffnen Sie den Link nicht und fragen Sie Ihren Administrator.',
      ],
    },
    blocked_account: {
      subject: 'Ihr Konto bei {{ title }} ist vorübergehend gesperrt',
      heading: 'Ihr Konto ist vorübergehend gesperrt',
      lead: [
        'Für {{ to }} bei {{ title }} wurde zu oft ein falsches Passwort eingegeben, zuletzt von der Netzwerkadresse {{ ip }}. Zum Schutz Ihres Kontos werden eine Zeit lang keine Passwörter angenommen.',
        'Wenn Sie das waren, heben Sie die Sperre hier auf:',
      ],
      button: 'Sperre aufheben',
      notes: [
        'Der Link funktioniert einmal, bis {{ expiresAt }}. Ohne ihn endet die Sperre nach einer Viertelstunde von selbst.',
        'Wenn Sie das nicht waren, müssen Sie nichts tun. Mit diesen Passwörtern ist niemand hineingekommen, und Ihres ändert sich nicht.',
      ],
    },
    verify_email: {
      subject: 'Bestätigen Sie Ihre E-Mail-Adresse für {{ title }}',
      heading: 'E-Mail-Adresse bestätigen',
      lead: [
        'Die Adresse {{ to }} wurde für ein Konto bei {{ title }} angegeben. Bestätigen Sie, dass sie Ihnen gehört:',
      ],
      button: 'Adresse bestätigen',
      notes: [
        'Der Link funktioniert einmal, bis {{ expiresAt }}. Die Anfrage kam von {{ title }}.',
        'Wenn Sie das nicht waren, müssen Sie nichts tun. Die Adresse bleibt unbestätigt.',
      ],
    },
    import_completed: {
      subject: 'Benutzer wurden importiert bei {{ title }}',
      heading: 'Der Import ist beendet',
      lead: [
        '{{ inserted }} Benutzer wurden hinzugefügt, {{ updated }} aktualisiert, {{ failed }} sind fehlgeschlagen (Auftrag {{ jobId }}).',
      ],
      notes: [
        'GET /api/v2/jobs/{{ jobId }}/errors nennt bis {{ keptUntil }} den Grund für jeden fehlgeschlagenen Benutzer.',
        SUPPORT,
      ],
    },
    import_failed: {
      subject: 'Ein Import von Benutzern ist fehlgeschlagen bei {{ title }}',
      heading: 'Der Import ist fehlgeschlagen',
      lead: ['Der Auftrag {{ jobId }} ist fehlgeschlagen: {{ reason }}'],
      notes: [
        'Bis dahin importierte Benutzer bleiben erhalten. Korrigieren Sie die Datei und senden Sie sie erneut.',
        SUPPORT,
      ],
    },
    domain_proof_shaky: {
      subject: 'Der Nachweis von {{ domain }} läuft ab bei {{ title }}',
      heading: 'Der Nachweis von {{ domain }} läuft ab',
      lead: [
        '{{ organizationTitle }} ({{ organizationId }}) hat die Domain {{ domain }} durch einen TXT-Eintrag nachgewiesen. Der Eintrag wurde nicht mehr gesehen: {{ problem }}',
        'Wird er bis {{ endsAt }} nicht gesehen, gilt die Organisation nicht mehr als Inhaberin der Domain. Personen, für deren Adresse nur ihr Identitätsanbieter bürgt, müssen die Adresse dann selbst nachweisen oder werden abgelehnt.',
      ],
      notes: [
        'Name: {{ host }}',
        'Wert: {{ text }}',
        'Wenn die Domain der Organisation nicht mehr gehört, müssen Sie nichts tun.',
        SUPPORT,
      ],
    },
    domain_proof_ended: {
      subject: 'Der Nachweis von {{ domain }} ist abgelaufen bei {{ title }}',
      heading: 'Der Nachweis von {{ domain }} ist abgelaufen',
      lead: [
        '{{ organizationTitle }} ({{ organizationId }}) hatte die Domain {{ domain }} durch einen TXT-Eintrag nachgewiesen. Der Eintrag wurde eine Woche lang nicht gesehen: {{ problem }}',
        'Der Nachweis der Domain steht wieder aus. Um sie erneut nachzuweisen, veröffentlichen Sie den Eintrag und lassen Sie die Domain prüfen.',
      ],
      notes: ['Name: {{ host }}', 'Wert: {{ text }}', SUPPORT],
    },
  },
};
