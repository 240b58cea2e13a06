/** The texts of the pages in German, with formal address. Keys and placeholders are those of en.ts. */
import { ACCOUNT_CHANGE_WORDS } from './account-change-words.js';
import { ACCOUNT_WORDS } from './account-words.js';
import type { PageWords } from './page-words.js';

export const de: PageWords = {
  page: {
    tab: '',
    errorTab: 'Fehler: {title}',
    continue: 'Weiter',
    emailAddress: 'E-Mail-Adresse',
    password: 'Passwort',
    notYou: 'Nicht Sie?',
    show: 'Anzeigen',
    hide: 'Verbergen',
    showPassword: 'Passwort anzeigen',
    hidePassword: 'Passwort verbergen',
    copy: 'Kopieren',
    copied: 'Kopiert',
    reference: 'Referenznummer für Rückfragen',
    problem: 'Es gibt ein Problem',
    sixDigits: 'Sechs Ziffern',
    signInTo: 'um sich bei {brand} anzumelden',
    backToSignIn: 'Zurück zur Anmeldung',
    moment: 'Das dauert einen Moment. Wenn nichts geschieht, wählen Sie „Weiter“.',
    developers: 'Einzelheiten für Entwickler',
    signingInAs: 'Anmeldung als',
    at: '{date} UTC',
  },
  identifier: {
    heading: 'Bei {brand} anmelden',
    sub: 'um zu {application} zu gelangen',
    signUpClosed:
      'Sie können hier nicht selbst ein Konto eröffnen. Melden Sie sich an, oder bitten Sie um eine Einladung.',
    or: 'oder',
    connection: 'Weiter mit {connection}',
    usePassword: 'Stattdessen ein Passwort verwenden',
    passkey: 'Weiter mit einem Passkey',
    noPasskey:
      'Ihr Browser hat keinen Passkey verwendet. Versuchen Sie es erneut oder geben Sie Ihre E-Mail-Adresse ein.',
  },
  password: {
    heading: 'Bei {brand} anmelden',
    sub: '',
    company:
      'Mit dieser Adresse meldet man sich bei {company} an. Ein Passwort gilt nur für Personen mit Notfallzugang.',
    atCompany: 'Bei Ihrem Unternehmen anmelden',
    forgot: 'Passwort vergessen?',
  },
  relay: { heading: 'Sie werden angemeldet', headingTo: 'Sie werden bei {brand} angemeldet' },
  invitation: {
    tab: 'Einladung zu {brand}',
    heading: '{brand} beitreten',
    sub: '{inviter} lädt Sie ein, {application} als Mitglied von {brand} zu nutzen.',
    joinAs: 'Sie treten bei als',
    signInWith: 'Sie melden sich an mit',
    ownPassword: 'Einem eigenen Passwort',
    validUntil: 'Gültig bis',
    other:
      'Sie sind als {person} angemeldet. Diese Einladung gilt für eine andere Adresse. Sie bleibt gültig, wenn Sie sie vorerst nicht annehmen.',
    accept: 'Einladung annehmen',
    switch: 'Abmelden und Konto wechseln',
    opened: 'Sie haben eine Einladung zu {organization} geöffnet.',
    follow: 'Mit der Einladung fortfahren',
  },
  signUp: {
    heading: 'Konto erstellen',
    sub: 'um {brand} beizutreten',
    name: 'Ihr Name',
    haveAccount: 'Ich habe bereits ein Konto',
  },
  proof: {
    heading: 'Bestätigen Sie, dass Sie es sind',
    onItsWay: 'Ein Code ist an diese Adresse unterwegs. Das dauert höchstens eine Minute.',
    whyInvited:
      'Sie sind über einen Einladungslink gekommen. Ein Link lässt sich weitergeben. Deshalb prüfen wir auch, ob die eingeladene Adresse Ihnen gehört.',
    whyDomain:
      'Sie kommen von der Anmeldung Ihres Unternehmens. Hier ist nicht nachgewiesen, dass diese Anmeldung für Adressen von {domain} bürgen darf. Deshalb prüfen wir auch, ob diese Ihnen gehört.',
    why: 'Wir fragen nach einem Code, damit niemand sonst Ihre Adresse verwenden oder ein Konto übernehmen kann, das Sie hier haben.',
    whyPassword:
      'Geben Sie das Passwort ein, das Sie hier bisher verwendet haben. Wir fragen danach, damit niemand sonst Ihr Konto übernehmen kann.',
    code: 'Code',
    lastTry: 'Ein Versuch bleibt.',
    tries: '{count} Versuche bleiben.',
    digitsAndTries: '{digits}. {left}',
    resend: 'Neuen Code senden',
    usePassword: 'Ich habe hier ein Passwort',
    useCode: 'Stattdessen einen Code per E-Mail senden',
  },
  factor: {
    heading: 'Bestätigen Sie, dass Sie es sind',
    code: 'Code',
    recoveryCode: 'Wiederherstellungscode',
    askApp: 'Geben Sie den Code ein, den Ihre Authenticator-App für {brand} zeigt.',
    askRecovery: 'Geben Sie den Wiederherstellungscode ein, den Sie notiert haben.',
    askKey: 'Verwenden Sie Ihren Passkey oder Sicherheitsschlüssel.',
    useApp: 'Authenticator-App verwenden',
    useRecovery: 'Wiederherstellungscode verwenden',
    askMail: 'Wir können einen Code an eine Ihrer Adressen senden. Er ist fünf Minuten gültig.',
    askMailed: 'Wir haben einen Code an {email} gesendet. Er ist fünf Minuten gültig.',
    useMail: 'Code per E-Mail erhalten',
    sendMail: 'Code an {email} senden',
    useKey: 'Passkey oder Sicherheitsschlüssel verwenden',
    usePasskey: 'Passkey verwenden',
    useSecurityKey: 'Sicherheitsschlüssel verwenden',
    setUpApp: 'Authenticator-App einrichten',
    setUpPasskey: 'Passkey einrichten',
    setUpSecurityKey: 'Sicherheitsschlüssel einrichten',
    remember: 'In diesem Browser bis zu 30 Tage lang nicht mehr fragen',
    lost: 'Wenn Sie Ihr Gerät und den Wiederherstellungscode verloren haben, bitten Sie Ihren Administrator, den zweiten Schritt zurückzusetzen.',
    setUpHeading: 'Zweiten Schritt einrichten',
    why: '{brand} verlangt bei der Anmeldung einen zweiten Schritt, damit ein gestohlenes Passwort nicht ausreicht.',
    scan: 'Scannen Sie dieses Bild mit einer Authenticator-App. Geben Sie dann den Code ein, den die App zeigt.',
    picture: 'Bild für die Authenticator-App',
    secret: 'Oder geben Sie diesen Schlüssel in die App ein',
    device: 'Ihr Gerät fragt nach Ihrem Fingerabdruck, Ihrem Gesicht oder seiner PIN.',
    noScript:
      'Passkeys und Sicherheitsschlüssel brauchen JavaScript und einen aktuellen Browser. Sie können unten einen anderen Weg wählen.',
    cancelled: 'Ihr Browser hat das nicht abgeschlossen. Versuchen Sie es erneut oder wählen Sie einen anderen Weg.',
    writeDown: 'Notieren Sie Ihren Wiederherstellungscode',
    writeDownWhy:
      'Mit diesem Code können Sie sich einmal anmelden, wenn Sie Ihr Gerät verlieren. Wir zeigen ihn nur jetzt. Ein früherer Code gilt nicht mehr.',
    written: 'Ich habe ihn notiert',
    offerHeading: 'Nächstes Mal schneller anmelden',
    offerWhy:
      'Mit einem Passkey melden Sie sich mit Fingerabdruck, Gesicht oder der PIN Ihres Geräts an, ohne Ihr Passwort.',
    offerCreate: 'Passkey erstellen',
    offerLater: 'Nicht jetzt',
    offerNoScript: 'Dieser Browser kann keine Passkeys erstellen. Sie können ohne Passkey fortfahren.',
    offerCancelled:
      'Ihr Browser hat das nicht abgeschlossen. Versuchen Sie es erneut oder fahren Sie ohne Passkey fort.',
  },
  account: { ...ACCOUNT_WORDS.de, ...ACCOUNT_CHANGE_WORDS.de },
  confirm: {
    heading: 'Sind Sie das?',
    startedAs: 'Sie haben begonnen als',
    says: 'Laut {place} sind Sie',
    explain: 'Das sind zwei verschiedene Adressen. Wenn Sie fortfahren, werden Sie als {email} angemeldet.',
    continueAs: 'Weiter als {email}',
    another: 'Ein anderes Konto verwenden',
  },
  organizations: {
    heading: 'Organisation auswählen',
    sub: 'um sich bei {brand} anzumelden',
    filter: 'Nach Namen suchen',
    none: 'Keine Organisation mit diesem Namen.',
    shown: '{left} von {all} angezeigt.',
  },
  prompt: {
    heading: 'Bei {application} anmelden',
    byEmail: 'An Ihrer Adresse erkennen wir, zu welcher Organisation Sie gehören.',
    byName: 'Zuerst die Organisation, bei der Sie sich anmelden möchten.',
    organization: 'Organisation',
    hint: 'Ihr Kurzname hier, zum Beispiel acme. Ihre Administration kennt ihn.',
  },
  forgot: {
    heading: 'Passwort zurücksetzen',
    sub: 'für {brand}',
    hint: 'Wir senden Ihnen einen Link, mit dem Sie ein neues Passwort wählen.',
    send: 'Link senden',
    sentHeading: 'Sehen Sie in Ihr Postfach',
    sent: 'Wenn {email} bei {brand} ein Passwort hat, ist ein Link für ein neues unterwegs.',
    wait: 'Das kann einige Minuten dauern. Sehen Sie auch im Spam-Ordner nach, bevor Sie erneut fragen.',
    again: 'Noch einmal senden',
  },
  reset: {
    heading: 'Neues Passwort wählen',
    sub: 'für {brand}',
    label: 'Neues Passwort',
    save: 'Passwort speichern',
    doneHeading: 'Ihr Passwort ist geändert',
    done: 'Melden Sie sich bei {brand} mit dem neuen Passwort an. Sie wurden überall abgemeldet.',
    goBack: 'Gehen Sie zur Anwendung zurück, um sich anzumelden.',
  },
  unblock: {
    heading: 'Ihr Konto ist vorübergehend gesperrt',
    sub: 'für {brand}',
    question:
      'Es wurde zu oft ein falsches Passwort eingegeben. Wenn Sie das waren, heben Sie die Sperre auf. Wenn Sie das nicht erwartet haben, schließen Sie die Seite. Dann ändert sich nichts.',
    confirm: 'Sperre aufheben',
    doneHeading: 'Die Sperre ist aufgehoben',
    done: 'Sie können sich bei {brand} wieder als {email} anmelden.',
    goBack: 'Sie können diese Seite schließen und zur Anwendung zurückgehen.',
  },
  stopFactor: {
    heading: 'Zweiten Faktor entfernen',
    sub: 'für {brand}',
    question:
      'Jemand hat für dieses Konto einen zweiten Faktor eingerichtet. Wenn Sie das nicht waren, entfernen Sie ihn. Dann werden alle zweiten Faktoren und Passkeys entfernt, das Passwort gilt nicht mehr, und alle werden abgemeldet. Wenn Sie das waren, schließen Sie die Seite. Dann ändert sich nichts.',
    confirm: 'Entfernen',
    doneHeading: 'Der zweite Faktor ist entfernt',
    done: 'Das Konto {email} hat jetzt keinen zweiten Faktor, keinen Passkey und kein Passwort mehr, und alle wurden abgemeldet. Legen Sie bei der Anmeldung bei {brand} mit „Passwort vergessen?“ ein neues Passwort fest.',
    goBack: 'Sie können diese Seite schließen und zur Anwendung zurückgehen.',
  },
  verifyEmail: {
    heading: 'E-Mail-Adresse bestätigen',
    sub: 'für {brand}',
    question:
      'Wenn diese Adresse Ihnen gehört, bestätigen Sie sie. Wenn Sie das nicht erwartet haben, schließen Sie die Seite. Dann ändert sich nichts.',
    confirm: 'Diese Adresse bestätigen',
    doneHeading: 'Ihre Adresse ist bestätigt',
    done: '{brand} weiß nun, dass {email} Ihre Adresse ist.',
    goBack: 'Sie können diese Seite schließen und zur Anwendung zurückgehen.',
    passwordEnded:
      'Das bisherige Passwort dieses Kontos wurde gesetzt, ohne dass jemand dieses Postfach nachgewiesen hatte. Es gilt nicht mehr: Setzen Sie beim Anmelden über „Passwort vergessen?“ ein neues.',
  },
  signOut: {
    heading: 'Von {brand} abmelden?',
    tab: 'Von {brand} abmelden',
    askedBy: '{application} hat darum gebeten, Sie abzumelden.',
    asked: 'Wir wurden gebeten, Sie abzumelden.',
    notYou: 'Wenn Sie das nicht waren, schließen Sie diese Seite. Dann bleiben Sie angemeldet.',
    signOut: 'Abmelden',
    outTab: 'Von {brand} abgemeldet',
    outHeading: 'Sie sind von {brand} abgemeldet',
    out: 'Sie können diese Seite schließen. Wenn andere diesen Computer nutzen, schließen Sie auch den Browser. Bei Ihrem Unternehmen sind Sie möglicherweise noch angemeldet.',
  },
  links: {
    atCompany: 'Bei Ihrem Unternehmen anmelden',
    again: 'Erneut versuchen',
    emergency: 'Notfallzugang verwenden',
    usePassword: 'Stattdessen ein Passwort verwenden',
    back: 'Zurück zur Anwendung',
  },
  messages: {
    addressInvalid: 'Geben Sie Ihre E-Mail-Adresse ein, zum Beispiel name@firma.de.',
    addressElsewhere:
      'Für diese Adresse gibt es hier keine Anmeldung. Prüfen Sie sie, oder wählen Sie unten einen anderen Weg.',
    addressNowhere:
      'Für diese Adresse gibt es hier keine Anmeldung. Prüfen Sie sie, oder fragen Sie die Administration Ihrer Organisation.',
    addressOfNobody:
      'Keine Organisation meldet Personen mit dieser Adresse an. Prüfen Sie sie, oder fragen Sie die Person, die Sie eingeladen hat.',
    passwordMissing: 'Geben Sie Ihr Passwort ein.',
    ownPasswordWrong: 'Falsches Passwort. Versuchen Sie es erneut, oder lassen Sie sich einen Code per E-Mail senden.',
    wrongPassword:
      'E-Mail-Adresse oder Passwort falsch. Prüfen Sie beides und versuchen Sie es erneut, oder fordern Sie ein neues Passwort an.',
    accountNotOpened:
      'Wir konnten mit dieser Adresse kein Konto eröffnen. Wenn Sie bereits eines haben, melden Sie sich mit dessen Passwort an.',
    codeWrong: 'Dieser Code ist falsch oder älter als zehn Minuten.',
    codeUnsent:
      'In der letzten Stunde wurden zu viele Codes angefordert. Deshalb haben wir keinen weiteren gesendet. Versuchen Sie es in einer Stunde erneut.',
    codeUnsentAgain:
      'In der letzten Stunde wurden zu viele Codes angefordert. Deshalb haben wir keinen weiteren gesendet. Verwenden Sie den letzten innerhalb von zehn Minuten, oder versuchen Sie es in einer Stunde erneut.',
    linkUnsent:
      'In der letzten Stunde wurden zu viele Links angefordert. Deshalb haben wir keinen weiteren gesendet. Suchen Sie die letzte E-Mail, oder versuchen Sie es in einer Stunde erneut.',
    factorWrong:
      'Dieser Code ist falsch oder wurde schon verwendet. Geben Sie den Code ein, den die App jetzt anzeigt.',
    recoveryWrong: 'Dieser Wiederherstellungscode ist falsch.',
    mailedWrong: 'Dieser Code ist falsch, zu alt oder wurde schon verwendet.',
    mailedUnsent:
      'In der letzten Stunde wurden zu viele Codes angefordert. Deshalb haben wir keinen gesendet. Verwenden Sie den letzten innerhalb von fünf Minuten oder wählen Sie einen anderen Weg.',
    keyWrong: 'Das hat nicht funktioniert. Versuchen Sie es erneut oder wählen Sie einen anderen Weg.',
    passkeyWrong:
      'Mit diesem Passkey können Sie sich hier nicht anmelden. Versuchen Sie einen anderen oder geben Sie Ihre E-Mail-Adresse ein.',
    organizationMissing: 'Wählen Sie eine Ihrer Organisationen.',
    organizationUnknown:
      'Wir kennen diese Organisation nicht. Prüfen Sie den Namen, oder fragen Sie die Person, die Sie eingeladen hat.',
  },
  passwords: {
    missing: 'Wählen Sie ein Passwort.',
    tooShort: 'Das Passwort ist zu kurz: Verwenden Sie mindestens {count} Zeichen.',
    tooLong: 'Das Passwort ist zu lang: Verwenden Sie höchstens 1.000 Zeichen.',
    fair: 'Das Passwort ist zu einfach: Verwenden Sie einen Kleinbuchstaben, einen Großbuchstaben und eine Ziffer.',
    classes:
      'Das Passwort ist zu einfach: Verwenden Sie drei von diesen: Kleinbuchstaben, Großbuchstaben, Ziffern, Sonderzeichen.',
    repeats: 'Das Passwort wiederholt sich: Verwenden Sie dasselbe Zeichen höchstens zweimal hintereinander.',
    commonest: 'Das Passwort ist eines der häufigsten und würde zuerst erraten: Wählen Sie ein anderes.',
    ownName:
      'Das Passwort enthält den Namen aus Ihrer E-Mail-Adresse und würde zuerst erraten: Wählen Sie ein anderes.',
    easy: 'Dieses Passwort ist leicht zu erraten. Fügen Sie noch ein seltenes Wort hinzu.',
    easyBecause: 'Dieses Passwort ist leicht zu erraten: {reason}. Fügen Sie noch ein seltenes Wort hinzu.',
    reasonRepeats: 'es wiederholt sich',
    reasonRow: 'Reihen wie abc oder qwertz werden zuerst versucht',
    reasonCommon: 'es ähnelt einem häufigen Passwort',
    reasonNames: 'Namen werden zuerst versucht',
    reasonDates: 'Jahre und Daten werden zuerst versucht',
    reasonWord: 'einzelne Wörter werden zuerst versucht',
    reasonOwn: 'es besteht aus Namen, die andere von Ihnen kennen',
    rule: '{length}{rest}',
    lengthOne: 'Mindestens 1 Zeichen',
    length: 'Mindestens {count} Zeichen',
    ruleNone: '. Ein langes Passwort ist sicherer.',
    ruleLow: '. Ein häufiges Passwort oder eines mit dem Namen aus Ihrer E-Mail-Adresse wird abgelehnt.',
    ruleFair:
      '. Verwenden Sie einen Kleinbuchstaben, einen Großbuchstaben und eine Ziffer. Ein häufiges Passwort oder eines mit dem Namen aus Ihrer E-Mail-Adresse wird abgelehnt.',
    ruleGood:
      '. Verwenden Sie drei von diesen: Kleinbuchstaben, Großbuchstaben, Ziffern, Sonderzeichen. Ein häufiges Passwort oder eines mit dem Namen aus Ihrer E-Mail-Adresse wird abgelehnt.',
    ruleExcellent:
      '. Verwenden Sie drei von diesen: Kleinbuchstaben, Großbuchstaben, Ziffern, Sonderzeichen; dasselbe Zeichen höchstens zweimal hintereinander. Ein häufiges Passwort oder eines mit dem Namen aus Ihrer E-Mail-Adresse wird abgelehnt.',
    ruleJudged:
      ': vier Wörter, die nicht zusammengehören, oder eine Mischung aus drei von a-z, A-Z, 0-9 und anderen Zeichen. Leicht zu Erratendes wird abgelehnt.',
  },
  failures: {
    unreadable: 'Diese Anfrage kann nicht verwendet werden',
    unreadableSentence: 'Wir konnten nicht lesen, was Ihr Browser gesendet hat.',
    startAgain: 'Gehen Sie zur Anwendung zurück und beginnen Sie von vorn.',
    broken: 'Wir konnten nicht fortfahren',
    brokenSentence:
      'Bei uns ist etwas fehlgeschlagen, bevor Ihre Anmeldung abgeschlossen war. Ein neuer Versuch schadet nicht.',
    brokenAdvice:
      'Warten Sie einen Moment und beginnen Sie in der Anwendung von vorn. Wenn es anhält, nennen Sie die Referenznummer.',
    foreignForm: 'Dieses Formular kam von einer anderen Website',
    foreignFormSentence: 'Wir nehmen Formulare nur von unseren eigenen Seiten an.',
    nothingHere: 'Hier ist nichts',
    nothingHereSentence: 'Unter dieser Adresse gibt es keine Seite.',
    tryAgain: 'Bitte versuchen Sie es erneut',
    tooManyCookies: 'Ihr Browser hat zu viele Cookies oder eine zu lange Adresse gesendet.',
    cookiesDeleted: 'Wir haben die Cookies nicht abgeschlossener Anmeldungen gelöscht.',
    deleteCookies:
      'Gehen Sie zur Anwendung zurück und beginnen Sie von vorn. Wenn es wieder geschieht, löschen Sie die Cookies von {host} in den Einstellungen Ihres Browsers. Andere Anwendungen haben dort vielleicht welche hinterlassen.',
    tooSlow: 'Das hat zu lange gedauert',
    tooSlowSentence: 'Ihr Browser hat seine Anfrage nicht zu Ende gesendet. Deshalb warten wir nicht länger.',
    tooSlowAdvice: 'Prüfen Sie Ihre Verbindung, gehen Sie zurück und versuchen Sie es erneut.',
    crowdedSentence: 'Es kamen zu viele Anfragen auf einmal. Deshalb haben wir diese nicht beantwortet.',
    restartSentence: 'Der Anmeldedienst wird neu gestartet. Ihre Anfrage konnte nicht abgeschlossen werden.',
    restartAdvice:
      'Warten Sie einen Moment, gehen Sie zurück und versuchen Sie es erneut. Ein neuer Versuch schadet nicht.',
  },
  logout: {
    failed: 'Die Abmeldung hat nicht funktioniert',
    unreadable: 'Die Anwendung hat eine Anfrage gesendet, die nicht gelesen werden kann.',
    otherApplication: 'Die Anwendung, von der Sie kommen, ist nicht die, bei der Sie sich angemeldet haben.',
    unknownApplication: 'Die Anwendung, von der Sie kommen, ist auf diesem Anmeldeserver nicht registriert.',
    unknownAddress: 'Die Anwendung möchte Sie zu einer Adresse senden, die sie hier nicht registriert hat.',
    advice:
      'Es wurde nichts geändert. Gehen Sie zur Anwendung zurück, oder nennen Sie deren Support die Referenznummer.',
    companyRequest: 'Die Nachricht der Anmeldung Ihres Unternehmens konnte nicht geprüft werden.',
    companyRequestAdvice:
      'Hier wurde nichts geändert. Melden Sie sich in der Anwendung ab, oder nennen Sie deren Support die Referenznummer.',
    here: 'Sie sind hier abgemeldet',
    companyAnswer:
      'Die Antwort der Anmeldung Ihres Unternehmens konnte nicht geprüft werden. Möglicherweise sind Sie dort noch angemeldet.',
    companyAnswerAdvice: 'Schließen Sie den Browser, wenn auch andere diesen Computer nutzen.',
  },
  limits: {
    passwords: 'Aus Ihrem Netz kamen in kurzer Zeit zu viele falsche Passwörter. Deshalb pausieren wir eine Weile.',
    answers: 'Aus Ihrem Netz kamen in kurzer Zeit zu viele Anmeldungen ohne Erfolg. Deshalb pausieren wir eine Weile.',
    minute: 'Warten Sie eine Minute und versuchen Sie es dann noch einmal.',
    hour: 'Warten Sie eine Stunde und beginnen Sie dann noch einmal in der Anwendung.',
    later:
      'Versuchen Sie es morgen noch einmal oder aus einem anderen Netz. Wenn es eilt, fragen Sie Ihren Administrator.',
  },
};
