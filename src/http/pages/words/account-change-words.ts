/**
 * The texts about changes that people make on the page of their account: password, language, an app in place of another.
 * The same keys in each language. They must not tell whether another account exists.
 */
export const ACCOUNT_CHANGE_WORDS = {
  en: {
    replace: 'Replace',
    full: 'You have as many of these as an account can have. Remove one that you no longer use first.',
    changePassword: 'Change the password',
    changeHint: 'A new password signs you out everywhere else.',
    oldPassword: 'Current password',
    wrongOld: 'This is not your current password.',
    noMoreTries:
      'There were too many wrong passwords, so we stop for a while. Use the link by mail, or come back later.',
    passwordChanged: 'Your new password is saved, and you are signed out everywhere else. We sent you a mail about it.',
    forgotText: 'You do not know it? We send a link for a new one to {email}.',
    language: 'Language',
    languageText: 'For the pages of this sign-in in this browser, and the mails that they cause.',
    asBrowser: 'As this browser asks',
    saveLanguage: 'Save the language',
    languageSaved: 'The language is saved.',
  },
  de: {
    replace: 'Ersetzen',
    full: 'Sie haben davon so viele, wie ein Konto haben kann. Entfernen Sie zuerst etwas, das Sie nicht mehr benutzen.',
    changePassword: 'Passwort ändern',
    changeHint: 'Ein neues Passwort meldet Sie überall sonst ab.',
    oldPassword: 'Bisheriges Passwort',
    wrongOld: 'Das ist nicht Ihr bisheriges Passwort.',
    noMoreTries:
      'Es waren zu viele falsche Passwörter, darum pausieren wir eine Weile. Benutzen Sie den Link per E-Mail oder kommen Sie später wieder.',
    passwordChanged:
      'Ihr neues Passwort ist gespeichert, und Sie sind überall sonst abgemeldet. Wir haben Ihnen dazu eine E-Mail gesendet.',
    forgotText: 'Sie kennen es nicht? Wir senden einen Link für ein neues an {email}.',
    language: 'Sprache',
    languageText: 'Für die Seiten dieser Anmeldung in diesem Browser und die E-Mails, die daraus entstehen.',
    asBrowser: 'Wie der Browser es wünscht',
    saveLanguage: 'Sprache speichern',
    languageSaved: 'Die Sprache ist gespeichert.',
  },
  fr: {
    replace: 'Remplacer',
    full: 'Vous en avez autant qu’un compte peut en avoir. Supprimez d’abord ce que vous n’utilisez plus.',
    changePassword: 'Changer le mot de passe',
    changeHint: 'Un nouveau mot de passe vous déconnecte partout ailleurs.',
    oldPassword: 'Mot de passe actuel',
    wrongOld: 'Ce n’est pas votre mot de passe actuel.',
    noMoreTries:
      'Il y a eu trop de mots de passe incorrects : nous faisons une pause. Utilisez le lien par e-mail ou revenez plus tard.',
    passwordChanged:
      'Votre nouveau mot de passe est enregistré et vous êtes déconnecté partout ailleurs. Nous vous avons envoyé un e-mail à ce sujet.',
    forgotText: 'Vous ne le connaissez pas ? Nous envoyons un lien pour un nouveau à {email}.',
    language: 'Langue',
    languageText: 'Pour les pages de connexion dans ce navigateur et les e-mails qui en découlent.',
    asBrowser: 'Celle que demande le navigateur',
    saveLanguage: 'Enregistrer la langue',
    languageSaved: 'La langue est enregistrée.',
  },
  es: {
    replace: 'Reemplazar',
    full: 'Tiene tantos como puede tener una cuenta. Elimine primero alguno que ya no use.',
    changePassword: 'Cambiar la contraseña',
    changeHint: 'Una contraseña nueva cierra su sesión en todos los demás lugares.',
    oldPassword: 'Contraseña actual',
    wrongOld: 'Esta no es su contraseña actual.',
    noMoreTries:
      'Hubo demasiadas contraseñas incorrectas, así que hacemos una pausa. Use el enlace por correo o vuelva más tarde.',
    passwordChanged:
      'Su contraseña nueva está guardada y se ha cerrado su sesión en todos los demás lugares. Le hemos enviado un correo al respecto.',
    forgotText: '¿No la sabe? Enviamos un enlace para una nueva a {email}.',
    language: 'Idioma',
    languageText: 'Para las páginas de inicio de sesión en este navegador y los correos que resulten de ellas.',
    asBrowser: 'El que pide el navegador',
    saveLanguage: 'Guardar el idioma',
    languageSaved: 'El idioma está guardado.',
  },
  ja: {
    replace: '置き換える',
    full: 'アカウントに登録できる数の上限に達しています。使わなくなったものを先に削除してください。',
    changePassword: 'パスワードを変更',
    changeHint: '新しいパスワードを保存すると、ほかのすべての場所でサインアウトされます。',
    oldPassword: '現在のパスワード',
    wrongOld: '現在のパスワードと一致しません。',
    noMoreTries:
      '誤ったパスワードが多すぎたため、しばらく受け付けを止めています。メールのリンクを使うか、後でもう一度お試しください。',
    passwordChanged:
      '新しいパスワードを保存し、ほかのすべての場所でサインアウトしました。お知らせのメールを送信しました。',
    forgotText: 'わからない場合は、新しいパスワードを設定するリンクを {email} に送信します。',
    language: '言語',
    languageText: 'このブラウザーでのサインインのページと、そこから送られるメールに使われます。',
    asBrowser: 'ブラウザーの設定に従う',
    saveLanguage: '言語を保存',
    languageSaved: '言語を保存しました。',
  },
  'pt-BR': {
    replace: 'Substituir',
    full: 'Você tem tantos quantos uma conta pode ter. Remova primeiro algum que não usa mais.',
    changePassword: 'Mudar a senha',
    changeHint: 'Uma nova senha encerra sua sessão em todos os outros lugares.',
    oldPassword: 'Senha atual',
    wrongOld: 'Esta não é a sua senha atual.',
    noMoreTries:
      'Houve senhas incorretas demais, por isso fazemos uma pausa. Use o link por e-mail ou volte mais tarde.',
    passwordChanged: 'Sua nova senha foi salva e você saiu de todos os outros lugares. Enviamos um e-mail sobre isso.',
    forgotText: 'Não sabe qual é? Enviamos um link para uma nova a {email}.',
    language: 'Idioma',
    languageText: 'Para as páginas de acesso neste navegador e os e-mails que resultam delas.',
    asBrowser: 'O que o navegador pede',
    saveLanguage: 'Salvar o idioma',
    languageSaved: 'O idioma foi salvo.',
  },
} as const;
