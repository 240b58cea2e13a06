/** Sentences of advice that several refusals use, in each language except English. */

export const ADVICE = {
  de: {
    application:
      'Gehen Sie zur Anwendung zurück und versuchen Sie es erneut. Wenn es wieder geschieht, nennen Sie deren Support die Referenznummer.',
    startAgain: 'Beginnen Sie in der Anwendung von vorn.',
    administrator:
      'Bitten Sie eine Administratorin oder einen Administrator Ihrer Organisation um eine Einladung, und nennen Sie die Referenznummer.',
    askAdministrator: 'Fragen Sie die Administration Ihrer Organisation, und nennen Sie die Referenznummer.',
  },
  fr: {
    application:
      'Retournez dans l’application et réessayez. Si cela se reproduit, communiquez la référence à son assistance.',
    startAgain: 'Recommencez depuis l’application.',
    administrator: 'Demandez à un administrateur de votre organisation de vous inviter, et communiquez la référence.',
    askAdministrator: 'Adressez-vous à un administrateur de votre organisation, et communiquez la référence.',
  },
  es: {
    application:
      'Vuelva a la aplicación e inténtelo de nuevo. Si ocurre otra vez, indique el número de referencia a su equipo de asistencia.',
    startAgain: 'Empiece de nuevo desde la aplicación.',
    administrator: 'Pida a un administrador de su organización que le invite, e indique el número de referencia.',
    askAdministrator: 'Pregunte a un administrador de su organización, e indique el número de referencia.',
  },
  ja: {
    application:
      'アプリケーションに戻って、もう一度お試しください。繰り返す場合は、アプリケーションのサポートにお問い合わせ番号をお伝えください。',
    startAgain: 'アプリケーションで最初からやり直してください。',
    administrator: '組織の管理者に招待を依頼し、お問い合わせ番号をお伝えください。',
    askAdministrator: '組織の管理者にお尋ねになり、お問い合わせ番号をお伝えください。',
  },
  'pt-BR': {
    application:
      'Volte ao aplicativo e tente de novo. Se acontecer outra vez, informe o número de referência à equipe de suporte dele.',
    startAgain: 'Comece de novo a partir do aplicativo.',
    administrator: 'Peça a um administrador da sua organização que convide você, e informe o número de referência.',
    askAdministrator: 'Fale com um administrador da sua organização, e informe o número de referência.',
  },
} as const;
