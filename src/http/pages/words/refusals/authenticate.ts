/**
 * The texts of the refusals in the login step "authenticate", in each language except English. seen.ts has the types.
 */
import { ADVICE } from './advice.js';
import type { SeenRefusal, Translations } from './seen.js';

export const AUTHENTICATE = {
  'authenticate.unknown_transaction': {
    de: {
      title: 'Diese Anmeldung kann nicht fortgesetzt werden',
      sentence:
        'Sie ist bereits abgeschlossen, hat länger als eine Stunde gedauert oder wurde in einem anderen Browser begonnen.',
      advice: 'Gehen Sie zur Anwendung zurück. Wenn Sie dort nicht angemeldet sind, beginnen Sie von vorn.',
    },
    fr: {
      title: 'Cette connexion ne peut pas continuer',
      sentence: 'Elle est déjà terminée, a duré plus d’une heure, ou a commencé dans un autre navigateur.',
      advice: 'Retournez dans l’application. Si vous n’y êtes pas connecté, recommencez.',
    },
    es: {
      title: 'Este inicio de sesión no puede continuar',
      sentence: 'Ya terminó, duró más de una hora o se empezó en otro navegador.',
      advice: 'Vuelva a la aplicación. Si no ha iniciado sesión en ella, empiece de nuevo.',
    },
    ja: {
      title: 'このサインインは続けられません',
      sentence: 'すでに完了しているか、1 時間を超えたか、別のブラウザーで始められました。',
      advice: 'アプリケーションに戻ってください。サインインしていない場合は、最初からやり直してください。',
    },
    'pt-BR': {
      title: 'Este login não pode continuar',
      sentence: 'Ele já terminou, levou mais de uma hora, ou foi iniciado em outro navegador.',
      advice: 'Volte ao aplicativo. Se você não tiver entrado nele, comece de novo.',
    },
  },
  'authenticate.ticket_not_usable': {
    de: {
      title: 'Dieser Link kann nicht verwendet werden',
      sentence:
        'Der Link wurde bereits verwendet, ist zu alt oder wurde nicht vollständig kopiert. Jeder Link gilt einmal.',
      advice: 'Gehen Sie zur Anwendung zurück und fordern Sie einen neuen an.',
    },
    fr: {
      title: 'Ce lien ne peut pas être utilisé',
      sentence:
        'Le lien a déjà servi, est trop ancien, ou n’a pas été copié en entier. Chaque lien fonctionne une fois.',
      advice: 'Retournez dans l’application et demandez-en un nouveau.',
    },
    es: {
      title: 'Este enlace no se puede usar',
      sentence: 'El enlace ya se usó, es demasiado antiguo o no se copió completo. Cada enlace funciona una vez.',
      advice: 'Vuelva a la aplicación y pida uno nuevo.',
    },
    ja: {
      title: 'このリンクは使えません',
      sentence: 'リンクはすでに使われたか、古すぎるか、全体がコピーされていません。リンクは 1 回だけ使えます。',
      advice: 'アプリケーションに戻って、新しいリンクを依頼してください。',
    },
    'pt-BR': {
      title: 'Este link não pode ser usado',
      sentence: 'O link já foi usado, é antigo demais, ou não foi copiado por inteiro. Cada link funciona uma vez.',
      advice: 'Volte ao aplicativo e peça um novo.',
    },
  },
  'authenticate.idp_denied': {
    de: {
      title: 'Ihr Unternehmen hat Sie nicht angemeldet',
      sentence: 'Die Anmeldeseite Ihres Unternehmens endete, ohne Sie anzumelden.',
      advice: 'Beginnen Sie in der Anwendung von vorn, oder fragen Sie die IT-Abteilung Ihres Unternehmens.',
    },
    fr: {
      title: 'Votre entreprise ne vous a pas connecté',
      sentence: 'La page de connexion de votre entreprise s’est terminée sans vous connecter.',
      advice: 'Recommencez depuis l’application, ou demandez au service informatique de votre entreprise.',
    },
    es: {
      title: 'Su empresa no inició su sesión',
      sentence: 'La página de inicio de sesión de su empresa terminó sin iniciar su sesión.',
      advice: 'Empiece de nuevo desde la aplicación o pregunte al equipo de informática de su empresa.',
    },
    ja: {
      title: '会社のサインインが完了しませんでした',
      sentence: '会社のサインインページは、サインインせずに終了しました。',
      advice: 'アプリケーションで最初からやり直すか、会社の IT 担当者にお尋ねください。',
    },
    'pt-BR': {
      title: 'Sua empresa não concluiu seu login',
      sentence: 'A página de login da sua empresa terminou sem concluir seu login.',
      advice: 'Comece de novo a partir do aplicativo, ou pergunte à equipe de TI da sua empresa.',
    },
  },
  'authenticate.idp_unreachable': {
    de: {
      title: 'Wir erreichen Ihr Unternehmen nicht',
      sentence: 'Die Anmeldung Ihres Unternehmens hat nicht geantwortet.',
      advice:
        'Warten Sie eine Minute und beginnen Sie in der Anwendung von vorn. Wenn es anhält, nennen Sie der IT-Abteilung Ihres Unternehmens die Referenznummer.',
    },
    fr: {
      title: 'Nous n’arrivons pas à joindre votre entreprise',
      sentence: 'Le service de connexion de votre entreprise n’a pas répondu.',
      advice:
        'Attendez une minute et recommencez depuis l’application. Si cela dure, communiquez la référence au service informatique de votre entreprise.',
    },
    es: {
      title: 'No podemos conectar con su empresa',
      sentence: 'El inicio de sesión de su empresa no respondió.',
      advice:
        'Espere un minuto y empiece de nuevo desde la aplicación. Si continúa, indique el número de referencia al equipo de informática de su empresa.',
    },
    ja: {
      title: '会社のサインインに接続できません',
      sentence: '会社のサインインから応答がありませんでした。',
      advice:
        '1 分ほど待ってから、アプリケーションで最初からやり直してください。続く場合は、会社の IT 担当者にお問い合わせ番号をお伝えください。',
    },
    'pt-BR': {
      title: 'Não conseguimos contato com sua empresa',
      sentence: 'O login da sua empresa não respondeu.',
      advice:
        'Espere um minuto e comece de novo a partir do aplicativo. Se continuar, informe o número de referência à equipe de TI da sua empresa.',
    },
  },
  'authenticate.idp_keys': {
    de: {
      title: 'Wir konnten nicht prüfen, wer Sie sind',
      sentence:
        'Ihr Unternehmen hat Sie angemeldet. Wir konnten aber die Schlüssel nicht abrufen, mit denen wir seine Antwort prüfen.',
      advice:
        'Warten Sie eine halbe Minute und beginnen Sie in der Anwendung von vorn. Wenn es anhält, nennen Sie der IT-Abteilung Ihres Unternehmens die Referenznummer.',
    },
    fr: {
      title: 'Nous n’avons pas pu vérifier qui vous êtes',
      sentence:
        'Votre entreprise vous a connecté, mais nous n’avons pas pu obtenir les clés nécessaires pour vérifier sa réponse.',
      advice:
        'Attendez une demi-minute et recommencez depuis l’application. Si cela dure, communiquez la référence au service informatique de votre entreprise.',
    },
    es: {
      title: 'No pudimos comprobar quién es usted',
      sentence:
        'Su empresa inició su sesión, pero no pudimos obtener las claves que necesitamos para comprobar su respuesta.',
      advice:
        'Espere medio minuto y empiece de nuevo desde la aplicación. Si continúa, indique el número de referencia al equipo de informática de su empresa.',
    },
    ja: {
      title: 'ご本人の確認ができませんでした',
      sentence: '会社のサインインは完了しましたが、応答の確認に必要な鍵を取得できませんでした。',
      advice:
        '30 秒ほど待ってから、アプリケーションで最初からやり直してください。続く場合は、会社の IT 担当者にお問い合わせ番号をお伝えください。',
    },
    'pt-BR': {
      title: 'Não conseguimos verificar quem você é',
      sentence:
        'Sua empresa concluiu seu login, mas não conseguimos obter as chaves necessárias para verificar a resposta dela.',
      advice:
        'Espere meio minuto e comece de novo a partir do aplicativo. Se continuar, informe o número de referência à equipe de TI da sua empresa.',
    },
  },
  'authenticate.idp_invalid': {
    de: {
      title: 'Die Antwort Ihres Unternehmens konnte nicht geprüft werden',
      sentence:
        'Die Antwort der Anmeldung Ihres Unternehmens hat unsere Prüfungen nicht bestanden. Deshalb haben wir sie nicht verwendet.',
      advice:
        'Beginnen Sie in der Anwendung von vorn. Wenn es wieder geschieht, nennen Sie der IT-Abteilung Ihres Unternehmens die Referenznummer.',
    },
    fr: {
      title: 'La réponse de votre entreprise n’a pas pu être vérifiée',
      sentence:
        'La réponse du service de connexion de votre entreprise n’a pas passé nos vérifications : nous ne l’avons pas utilisée.',
      advice:
        'Recommencez depuis l’application. Si cela se reproduit, communiquez la référence au service informatique de votre entreprise.',
    },
    es: {
      title: 'No se pudo comprobar la respuesta de su empresa',
      sentence:
        'La respuesta del inicio de sesión de su empresa no superó nuestras comprobaciones, así que no la usamos.',
      advice:
        'Empiece de nuevo desde la aplicación. Si ocurre otra vez, indique el número de referencia al equipo de informática de su empresa.',
    },
    ja: {
      title: '会社からの応答を確認できませんでした',
      sentence: '会社のサインインからの応答が検査に通らなかったため、使いませんでした。',
      advice:
        'アプリケーションで最初からやり直してください。繰り返す場合は、会社の IT 担当者にお問い合わせ番号をお伝えください。',
    },
    'pt-BR': {
      title: 'A resposta da sua empresa não pôde ser verificada',
      sentence: 'A resposta do login da sua empresa não passou nas nossas verificações, por isso não a usamos.',
      advice:
        'Comece de novo a partir do aplicativo. Se acontecer outra vez, informe o número de referência à equipe de TI da sua empresa.',
    },
  },
  'authenticate.too_many_attempts': {
    de: {
      title: 'Zu viele Versuche',
      sentence: 'In kurzer Zeit gab es zu viele Versuche. Deshalb pausieren wir eine Weile.',
      advice: 'Warten Sie eine Viertelstunde, dann versuchen Sie es erneut oder fordern Sie ein neues Passwort an.',
    },
    fr: {
      title: 'Trop d’essais',
      sentence: 'Il y a eu trop d’essais en peu de temps : nous faisons une pause.',
      advice: 'Attendez un quart d’heure, puis réessayez ou demandez un nouveau mot de passe.',
    },
    es: {
      title: 'Demasiados intentos',
      sentence: 'Hubo demasiados intentos en poco tiempo, así que hacemos una pausa.',
      advice: 'Espere un cuarto de hora y después inténtelo de nuevo o pida una contraseña nueva.',
    },
    ja: {
      title: '試行回数が多すぎます',
      sentence: '短時間に試行が多すぎたため、しばらく受け付けを止めています。',
      advice: '15 分ほど待ってからもう一度試すか、新しいパスワードを設定してください。',
    },
    'pt-BR': {
      title: 'Tentativas demais',
      sentence: 'Houve tentativas demais em pouco tempo, por isso fazemos uma pausa.',
      advice: 'Espere quinze minutos e depois tente de novo ou peça uma nova senha.',
    },
  },
  'authenticate.proof_failed': {
    de: {
      title: 'Wir konnten nicht bestätigen, dass Sie es sind',
      sentence:
        'Der Code oder das Passwort war falsch, oder es hat zu lange gedauert. Es wurde nichts geändert. Eine Einladung kann weiterhin verwendet werden.',
      advice: 'Beginnen Sie in der Anwendung oder mit der Einladung von vorn.',
    },
    fr: {
      title: 'Nous n’avons pas pu confirmer que c’est vous',
      sentence:
        'Le code ou le mot de passe était incorrect, ou cela a pris trop de temps. Rien n’a été modifié. Une invitation peut encore servir.',
      advice: 'Recommencez depuis l’application ou depuis l’invitation.',
    },
    es: {
      title: 'No pudimos confirmar que es usted',
      sentence:
        'El código o la contraseña eran incorrectos, o se tardó demasiado. No ha cambiado nada. Una invitación todavía se puede usar.',
      advice: 'Empiece de nuevo desde la aplicación o desde la invitación.',
    },
    ja: {
      title: 'ご本人の確認ができませんでした',
      sentence:
        'コードまたはパスワードが違うか、時間がかかりすぎました。何も変更していません。招待は引き続き使えます。',
      advice: 'アプリケーションまたは招待から、最初からやり直してください。',
    },
    'pt-BR': {
      title: 'Não conseguimos confirmar que é você',
      sentence:
        'O código ou a senha estava incorreto, ou isso demorou demais. Nada foi alterado. Um convite ainda pode ser usado.',
      advice: 'Comece de novo a partir do aplicativo ou do convite.',
    },
  },
  'authenticate.factor_failed': {
    de: {
      title: 'Wir konnten nicht bestätigen, dass Sie es sind',
      sentence: 'Der zweite Schritt wurde nicht abgeschlossen: Ein Code war zu oft falsch oder wurde schon verwendet.',
      advice:
        'Beginnen Sie in der Anwendung von vorn. Wenn Sie Ihr Gerät verloren haben, verwenden Sie Ihren Wiederherstellungscode. Fehlt auch er, fragen Sie Ihre Administration.',
    },
    fr: {
      title: 'Nous n’avons pas pu confirmer que c’est bien vous',
      sentence: 'La seconde étape n’a pas abouti : un code était incorrect trop souvent, ou a déjà servi.',
      advice:
        'Recommencez depuis l’application. Si vous avez perdu votre appareil, utilisez votre code de récupération. S’il vous manque aussi, adressez-vous à votre administrateur.',
    },
    es: {
      title: 'No pudimos confirmar que es usted',
      sentence: 'El segundo paso no se completó: un código era incorrecto demasiadas veces, o ya se había usado.',
      advice:
        'Empiece de nuevo desde la aplicación. Si perdió su dispositivo, use su código de recuperación. Si tampoco lo tiene, pregunte a su administrador.',
    },
    ja: {
      title: 'ご本人であることを確認できませんでした',
      sentence: '2段階目の確認が完了しませんでした。コードを何度も間違えたか、すでに使用されたコードでした。',
      advice:
        'アプリケーションで最初からやり直してください。端末をなくした場合は、リカバリーコードをお使いください。リカバリーコードもない場合は、管理者にお尋ねください。',
    },
    'pt-BR': {
      title: 'Não conseguimos confirmar que é você',
      sentence: 'A segunda etapa não foi concluída: um código estava errado vezes demais, ou já tinha sido usado.',
      advice:
        'Comece de novo a partir do aplicativo. Se você perdeu o dispositivo, use o seu código de recuperação. Se também não o tiver, fale com o seu administrador.',
    },
  },
  'authenticate.passkey_failed': {
    de: {
      title: 'Dieser Passkey passt hier nicht',
      sentence: 'Mit diesem Passkey können Sie sich hier nicht anmelden.',
      advice: 'Versuchen Sie einen anderen Passkey oder melden Sie sich mit Ihrem Passwort an.',
    },
    fr: {
      title: 'Cette clé d’accès ne convient pas ici',
      sentence: 'Cette clé d’accès ne permet pas de vous connecter ici.',
      advice: 'Essayez une autre clé d’accès ou connectez-vous avec votre mot de passe.',
    },
    es: {
      title: 'Esta llave de acceso no sirve aquí',
      sentence: 'Esta llave de acceso no sirve para iniciar sesión aquí.',
      advice: 'Pruebe otra llave de acceso o inicie sesión con su contraseña.',
    },
    ja: {
      title: 'このパスキーは使えません',
      sentence: 'このパスキーではここにサインインできません。',
      advice: '別のパスキーを試すか、パスワードでサインインしてください。',
    },
    'pt-BR': {
      title: 'Esta chave de acesso não serve aqui',
      sentence: 'Esta chave de acesso não serve para entrar aqui.',
      advice: 'Tente outra chave de acesso ou entre com a sua senha.',
    },
  },
  'authenticate.no_accepted_factor': {
    de: {
      title: 'Ein zweiter Schritt fehlt',
      sentence:
        'Diese Anmeldung braucht einen zweiten Schritt, den Ihr Konto nicht hat und der hier nicht eingerichtet werden kann.',
      advice: ADVICE.de.askAdministrator,
    },
    fr: {
      title: 'Il manque une seconde étape',
      sentence:
        'Cette connexion demande une seconde étape que votre compte n’a pas, et qui ne peut pas être configurée ici.',
      advice: ADVICE.fr.askAdministrator,
    },
    es: {
      title: 'Falta un segundo paso',
      sentence: 'Este inicio de sesión necesita un segundo paso que su cuenta no tiene, y no se puede configurar aquí.',
      advice: ADVICE.es.askAdministrator,
    },
    ja: {
      title: '2段階目の確認がありません',
      sentence: 'このサインインには2段階目の確認が必要ですが、アカウントに設定がなく、ここでは設定できません。',
      advice: ADVICE.ja.askAdministrator,
    },
    'pt-BR': {
      title: 'Falta uma segunda etapa',
      sentence:
        'Esta entrada precisa de uma segunda etapa que a sua conta não tem, e que não pode ser configurada aqui.',
      advice: ADVICE['pt-BR'].askAdministrator,
    },
  },
} satisfies Partial<Record<SeenRefusal, Translations>>;
