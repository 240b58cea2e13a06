/** The texts of the refusals in the login step "identify", in each language except English. seen.ts has the types. */
import { ADVICE } from './advice.js';
import type { SeenRefusal, Translations } from './seen.js';

const UNUSABLE: Translations = {
  de: {
    title: 'Diese Anmeldeanfrage kann nicht verwendet werden',
    sentence:
      'Die Anwendung, von der Sie kommen, hat eine Anfrage gestellt, der wir nicht vertrauen können. Deshalb haben wir Sie nicht zu ihr zurückgesendet.',
    advice: ADVICE.de.application,
  },
  fr: {
    title: 'Cette demande de connexion ne peut pas être utilisée',
    sentence:
      'L’application qui vous envoie a fait une demande à laquelle nous ne pouvons pas nous fier : nous ne vous avons donc pas renvoyé vers elle.',
    advice: ADVICE.fr.application,
  },
  es: {
    title: 'Esta solicitud de inicio de sesión no se puede usar',
    sentence:
      'La aplicación desde la que llega hizo una solicitud en la que no podemos confiar, así que no le hemos enviado de vuelta a ella.',
    advice: ADVICE.es.application,
  },
  ja: {
    title: 'このサインインのリクエストは使えません',
    sentence: '移動元のアプリケーションのリクエストは信頼できないため、アプリケーションには戻しませんでした。',
    advice: ADVICE.ja.application,
  },
  'pt-BR': {
    title: 'Esta solicitação de login não pode ser usada',
    sentence:
      'O aplicativo que trouxe você fez uma solicitação em que não podemos confiar, por isso não enviamos você de volta a ele.',
    advice: ADVICE['pt-BR'].application,
  },
};

export const IDENTIFY = {
  'identify.unknown_client': {
    de: {
      title: 'Diese Anwendung ist hier nicht bekannt',
      sentence: 'Die Anwendung, von der Sie kommen, ist auf diesem Anmeldeserver nicht registriert.',
      advice: ADVICE.de.application,
    },
    fr: {
      title: 'Cette application n’est pas connue ici',
      sentence: 'L’application qui vous envoie n’est pas enregistrée sur ce serveur de connexion.',
      advice: ADVICE.fr.application,
    },
    es: {
      title: 'Esta aplicación no se conoce aquí',
      sentence: 'La aplicación desde la que llega no está registrada en este servidor de inicio de sesión.',
      advice: ADVICE.es.application,
    },
    ja: {
      title: 'このアプリケーションは登録されていません',
      sentence: '移動元のアプリケーションは、このサインインサーバーに登録されていません。',
      advice: ADVICE.ja.application,
    },
    'pt-BR': {
      title: 'Este aplicativo não é conhecido aqui',
      sentence: 'O aplicativo que trouxe você não está registrado neste servidor de login.',
      advice: ADVICE['pt-BR'].application,
    },
  },
  'identify.invalid_request': UNUSABLE,
  'identify.callback_mismatch': UNUSABLE,
  'identify.connection_changed': {
    de: {
      title: 'Melden Sie sich erneut an',
      sentence:
        'Die Einstellungen der Anmeldung wurden geändert, während Sie sich angemeldet haben. Deshalb konnten wir die Antwort nicht verwenden.',
      advice: ADVICE.de.startAgain,
    },
    fr: {
      title: 'Connectez-vous à nouveau',
      sentence:
        'Les réglages de connexion ont changé pendant que vous vous connectiez : nous n’avons pas pu utiliser la réponse.',
      advice: ADVICE.fr.startAgain,
    },
    es: {
      title: 'Inicie sesión de nuevo',
      sentence:
        'Los ajustes de inicio de sesión cambiaron mientras usted iniciaba sesión, así que no pudimos usar la respuesta.',
      advice: ADVICE.es.startAgain,
    },
    ja: {
      title: 'もう一度サインインしてください',
      sentence: 'サインインの途中で設定が変更されたため、応答を使えませんでした。',
      advice: ADVICE.ja.startAgain,
    },
    'pt-BR': {
      title: 'Entre de novo',
      sentence: 'As configurações de login mudaram enquanto você entrava, por isso não conseguimos usar a resposta.',
      advice: ADVICE['pt-BR'].startAgain,
    },
  },
  'identify.request_too_large': {
    de: {
      title: 'Die Anfrage ist zu groß',
      sentence: 'Die Anwendung hat mehr Daten gesendet, als ein Browser während einer Anmeldung behalten kann.',
      advice: ADVICE.de.application,
    },
    fr: {
      title: 'La demande est trop grande',
      sentence: 'L’application a envoyé plus de données qu’un navigateur ne peut en garder pendant une connexion.',
      advice: ADVICE.fr.application,
    },
    es: {
      title: 'La solicitud es demasiado grande',
      sentence: 'La aplicación envió más datos de los que un navegador puede guardar durante un inicio de sesión.',
      advice: ADVICE.es.application,
    },
    ja: {
      title: 'リクエストが大きすぎます',
      sentence: 'サインインの間にブラウザーが保持できる量を超えるデータが、アプリケーションから送られました。',
      advice: ADVICE.ja.application,
    },
    'pt-BR': {
      title: 'A solicitação é grande demais',
      sentence: 'O aplicativo enviou mais dados do que um navegador consegue guardar durante um login.',
      advice: ADVICE['pt-BR'].application,
    },
  },
} satisfies Partial<Record<SeenRefusal, Translations>>;
