/**
 * The texts of the refusals in the login steps "resolve", "admit", "act" and "commit", in each language except English.
 * seen.ts has the types.
 */
import { ADVICE } from './advice.js';
import type { SeenRefusal, Translations } from './seen.js';

export const LATER = {
  'admit.sso_required': {
    de: {
      title: 'Ihr Unternehmen meldet Sie an',
      sentence:
        'In dieser Organisation melden sich Personen Ihres Unternehmens beim Unternehmen an, nicht mit einem Passwort.',
      advice:
        'Melden Sie sich mit Ihrer dienstlichen Adresse an. Wenn das Unternehmen Sie nicht anmelden kann, fragen Sie die Administration Ihrer Organisation.',
    },
    fr: {
      title: 'C’est votre entreprise qui vous connecte',
      sentence:
        'Cette organisation demande aux personnes de votre entreprise de se connecter par l’entreprise, et non avec un mot de passe.',
      advice:
        'Connectez-vous avec votre adresse professionnelle. Si l’entreprise ne peut pas vous connecter, demandez à un administrateur de votre organisation.',
    },
    es: {
      title: 'Su empresa inicia su sesión',
      sentence:
        'Esta organización pide a las personas de su empresa que inicien sesión en la empresa, no con una contraseña.',
      advice:
        'Inicie sesión con su dirección de trabajo. Si la empresa no puede iniciar su sesión, pregunte a un administrador de su organización.',
    },
    ja: {
      title: '会社のサインインをお使いください',
      sentence: 'この組織では、あなたの会社の方は、パスワードではなく会社でサインインします。',
      advice:
        '仕事用のアドレスでサインインしてください。会社でサインインできない場合は、組織の管理者にお尋ねください。',
    },
    'pt-BR': {
      title: 'Sua empresa faz seu login',
      sentence: 'Esta organização pede que as pessoas da sua empresa entrem pela empresa, e não com uma senha.',
      advice:
        'Entre com seu endereço de trabalho. Se a empresa não conseguir fazer seu login, pergunte a um administrador da sua organização.',
    },
  },
  'admit.not_in_pilot': {
    de: {
      title: 'Die Anmeldung Ihres Unternehmens steht Ihnen noch nicht offen',
      sentence: 'Ihre Organisation erprobt die Anmeldung Ihres Unternehmens zunächst mit wenigen Personen.',
      advice:
        'Melden Sie sich an wie bisher. Wenn Sie zu den Ersten gehören sollten, fragen Sie die Administration Ihrer Organisation.',
    },
    fr: {
      title: 'La connexion de votre entreprise ne vous est pas encore ouverte',
      sentence: 'Votre organisation essaie d’abord la connexion de votre entreprise avec quelques personnes.',
      advice:
        'Connectez-vous comme avant. Si vous devez être parmi les premiers, demandez à un administrateur de votre organisation.',
    },
    es: {
      title: 'El inicio de sesión de su empresa aún no está abierto para usted',
      sentence: 'Su organización prueba primero el inicio de sesión de su empresa con unas pocas personas.',
      advice:
        'Inicie sesión como antes. Si debería estar entre las primeras personas, pregunte a un administrador de su organización.',
    },
    ja: {
      title: '会社のサインインは、まだご利用いただけません',
      sentence: '組織では、会社のサインインをまず一部の方で試しています。',
      advice:
        'これまでの方法でサインインしてください。最初の対象に含まれるはずの場合は、組織の管理者にお尋ねください。',
    },
    'pt-BR': {
      title: 'O login da sua empresa ainda não está aberto para você',
      sentence: 'Sua organização está testando primeiro o login da sua empresa com poucas pessoas.',
      advice:
        'Entre como antes. Se você deveria estar entre as primeiras pessoas, pergunte a um administrador da sua organização.',
    },
  },
  'admit.invitation_needs_company': {
    de: {
      title: 'Ihr Unternehmen meldet Sie an',
      sentence:
        'Diese Einladung gilt für ein Passwort. In der Organisation melden sich Personen Ihres Unternehmens jetzt beim Unternehmen an.',
      advice:
        'Bitten Sie um eine neue Einladung, die die Anmeldung Ihres Unternehmens verwendet, und nennen Sie die Referenznummer.',
    },
    fr: {
      title: 'C’est votre entreprise qui vous connecte',
      sentence:
        'Cette invitation est pour un mot de passe. L’organisation demande maintenant aux personnes de votre entreprise de se connecter par l’entreprise.',
      advice:
        'Demandez une nouvelle invitation qui utilise la connexion de votre entreprise, et communiquez la référence.',
    },
    es: {
      title: 'Su empresa inicia su sesión',
      sentence:
        'Esta invitación es para una contraseña. Ahora la organización pide a las personas de su empresa que inicien sesión en la empresa.',
      advice: 'Pida una invitación nueva que use el inicio de sesión de su empresa, e indique el número de referencia.',
    },
    ja: {
      title: '会社のサインインをお使いください',
      sentence: 'この招待はパスワード用です。組織では現在、あなたの会社の方は会社でサインインします。',
      advice: '会社のサインインを使う新しい招待を依頼し、お問い合わせ番号をお伝えください。',
    },
    'pt-BR': {
      title: 'Sua empresa faz seu login',
      sentence:
        'Este convite é para uma senha. Agora a organização pede que as pessoas da sua empresa entrem pela empresa.',
      advice: 'Peça um novo convite que use o login da sua empresa, e informe o número de referência.',
    },
  },
  'act.registration_denied': {
    de: {
      title: 'Das Konto wurde nicht eröffnet',
      sentence: 'Eine Regel, die die Anwendung für neue Konten ausführt, hat Sie abgewiesen.',
      advice: ADVICE.de.administrator,
    },
    fr: {
      title: 'Le compte n’a pas été ouvert',
      sentence: 'Une règle que l’application applique aux nouveaux comptes vous a refusé l’accès.',
      advice: ADVICE.fr.administrator,
    },
    es: {
      title: 'La cuenta no se abrió',
      sentence: 'Una regla que la aplicación aplica a las cuentas nuevas no le ha dejado pasar.',
      advice: ADVICE.es.administrator,
    },
    ja: {
      title: 'アカウントは作成されませんでした',
      sentence: 'アプリケーションが新しいアカウントに適用する規則により、受け付けられませんでした。',
      advice: ADVICE.ja.administrator,
    },
    'pt-BR': {
      title: 'A conta não foi aberta',
      sentence: 'Uma regra que o aplicativo aplica a contas novas não deixou você passar.',
      advice: ADVICE['pt-BR'].administrator,
    },
  },
  'act.busy': {
    de: {
      title: 'Versuchen Sie es in einer Minute erneut',
      sentence: 'Die Regeln, die die Anwendung bei der Anmeldung ausführt, sind im Moment alle ausgelastet.',
      advice: ADVICE.de.startAgain,
    },
    fr: {
      title: 'Réessayez dans une minute',
      sentence: 'Les règles que l’application applique à la connexion sont toutes occupées en ce moment.',
      advice: ADVICE.fr.startAgain,
    },
    es: {
      title: 'Inténtelo de nuevo en un minuto',
      sentence: 'Las reglas que la aplicación aplica al iniciar sesión están todas ocupadas en este momento.',
      advice: ADVICE.es.startAgain,
    },
    ja: {
      title: '1 分ほど待ってからお試しください',
      sentence: 'アプリケーションがサインインのときに実行する規則が、現在すべて使用中です。',
      advice: ADVICE.ja.startAgain,
    },
    'pt-BR': {
      title: 'Tente de novo em um minuto',
      sentence: 'As regras que o aplicativo aplica no login estão todas ocupadas no momento.',
      advice: ADVICE['pt-BR'].startAgain,
    },
  },
  'commit.replayed': {
    de: {
      title: 'Diese Anmeldung ist abgeschlossen',
      sentence: 'Diese Anmeldung wurde bereits abgeschlossen, vielleicht in einem anderen Tab.',
      advice: 'Gehen Sie zur Anwendung zurück.',
    },
    fr: {
      title: 'Cette connexion est terminée',
      sentence: 'Cette connexion a déjà abouti, peut-être dans un autre onglet.',
      advice: 'Retournez dans l’application.',
    },
    es: {
      title: 'Este inicio de sesión ya terminó',
      sentence: 'Este inicio de sesión ya se completó, quizá en otra pestaña.',
      advice: 'Vuelva a la aplicación.',
    },
    ja: {
      title: 'このサインインは完了しています',
      sentence: 'このサインインは、別のタブなどですでに完了しています。',
      advice: 'アプリケーションに戻ってください。',
    },
    'pt-BR': {
      title: 'Este login já terminou',
      sentence: 'Este login já foi concluído, talvez em outra aba.',
      advice: 'Volte ao aplicativo.',
    },
  },
} satisfies Partial<Record<SeenRefusal, Translations>>;
