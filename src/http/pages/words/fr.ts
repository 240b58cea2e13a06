/** The texts of the pages in French, with formal address. Keys and placeholders are those of en.ts. */
import type { PageWords } from './page-words.js';

export const fr: PageWords = {
  page: {
    tab: '',
    errorTab: 'Erreur : {title}',
    continue: 'Continuer',
    emailAddress: 'Adresse e-mail',
    password: 'Mot de passe',
    notYou: 'Ce n’est pas vous ?',
    show: 'Afficher',
    hide: 'Masquer',
    showPassword: 'Afficher le mot de passe',
    hidePassword: 'Masquer le mot de passe',
    copy: 'Copier',
    copied: 'Copié',
    reference: 'Référence à communiquer',
    problem: 'Il y a un problème',
    sixDigits: 'Six chiffres',
    signInTo: 'pour vous connecter à {brand}',
    backToSignIn: 'Retour à la connexion',
    moment: 'Cela prend un instant. Si rien ne se passe, appuyez sur « Continuer ».',
    developers: 'Détails pour les développeurs',
    signingInAs: 'Connexion en tant que',
    at: '{date} UTC',
  },
  identifier: {
    heading: 'Se connecter à {brand}',
    sub: 'pour continuer vers {application}',
    signUpClosed: 'Vous ne pouvez pas ouvrir de compte ici vous-même. Connectez-vous, ou demandez une invitation.',
    or: 'ou',
    connection: 'Continuer avec {connection}',
    usePassword: 'Utiliser plutôt un mot de passe',
  },
  password: {
    heading: 'Se connecter à {brand}',
    sub: '',
    company:
      'Les personnes qui ont cette adresse se connectent chez {company}. Un mot de passe ne sert qu’à celles qui ont un accès d’urgence.',
    atCompany: 'Se connecter par votre entreprise',
    forgot: 'Mot de passe oublié ?',
  },
  relay: { heading: 'Connexion en cours', headingTo: 'Connexion à {brand} en cours' },
  invitation: {
    tab: 'Invitation à {brand}',
    heading: 'Rejoindre {brand}',
    sub: '{inviter} vous invite à utiliser {application} comme membre de {brand}.',
    joinAs: 'Vous rejoignez en tant que',
    signInWith: 'Vous vous connectez avec',
    ownPassword: 'Un mot de passe à vous',
    validUntil: 'Valable jusqu’au',
    other:
      'Vous êtes connecté en tant que {person}. Cette invitation est pour une autre adresse. Elle reste valable si vous la laissez pour l’instant.',
    accept: 'Accepter l’invitation',
    switch: 'Se déconnecter et changer de compte',
    opened: 'Vous avez ouvert une invitation à {organization}.',
    follow: 'Continuer avec l’invitation',
  },
  signUp: {
    heading: 'Créer votre compte',
    sub: 'pour rejoindre {brand}',
    name: 'Votre nom',
    haveAccount: 'J’ai déjà un compte',
  },
  proof: {
    heading: 'Confirmez que c’est bien vous',
    onItsWay: 'Un code est en route vers cette adresse. Cela prend une minute au plus.',
    whyInvited:
      'Vous êtes venu par un lien d’invitation. Un lien peut être transmis à d’autres : nous vérifions donc aussi que l’adresse invitée est la vôtre.',
    whyDomain:
      'Vous venez de la connexion de votre entreprise. Il n’est pas prouvé ici que cette connexion puisse se porter garante d’adresses de {domain} : nous vérifions donc aussi que celle-ci est la vôtre.',
    why: 'Nous demandons un code pour que personne d’autre ne puisse utiliser votre adresse, ni s’emparer d’un compte que vous avez ici.',
    whyPassword:
      'Saisissez le mot de passe que vous avez déjà utilisé ici. Nous le demandons pour que personne d’autre ne puisse s’emparer de votre compte.',
    code: 'Code',
    lastTry: 'Il reste un essai.',
    tries: 'Il reste {count} essais.',
    digitsAndTries: '{digits}. {left}',
    resend: 'Envoyer un nouveau code',
    usePassword: 'J’ai déjà un mot de passe ici',
    useCode: 'M’envoyer plutôt un code par e-mail',
  },
  confirm: {
    heading: 'Est-ce bien vous ?',
    startedAs: 'Vous avez commencé en tant que',
    says: 'Selon {place}, vous êtes',
    explain: 'Ce sont deux adresses différentes. Si vous continuez, vous serez connecté en tant que {email}.',
    continueAs: 'Continuer en tant que {email}',
    another: 'Utiliser un autre compte',
  },
  organizations: {
    heading: 'Choisir une organisation',
    sub: 'pour vous connecter à {brand}',
    filter: 'Chercher par nom',
    none: 'Aucune organisation de ce nom.',
    shown: '{left} sur {all} affichées.',
  },
  prompt: {
    heading: 'Se connecter à {application}',
    byEmail: 'Votre adresse nous indique l’organisation dont vous faites partie.',
    byName: 'D’abord, l’organisation à laquelle vous voulez vous connecter.',
    organization: 'Organisation',
    hint: 'Son nom court ici, par exemple acme. Votre administrateur le connaît.',
  },
  forgot: {
    heading: 'Réinitialiser votre mot de passe',
    sub: 'pour {brand}',
    hint: 'Nous vous envoyons un lien pour choisir un nouveau mot de passe.',
    send: 'Envoyer le lien',
    sentHeading: 'Consultez vos e-mails',
    sent: 'Si {email} a un mot de passe chez {brand}, un lien pour en choisir un nouveau est en route.',
    wait: 'Cela peut prendre quelques minutes. Regardez dans les indésirables avant de refaire une demande.',
    again: 'Envoyer à nouveau',
  },
  reset: {
    heading: 'Choisir un nouveau mot de passe',
    sub: 'pour {brand}',
    label: 'Nouveau mot de passe',
    save: 'Enregistrer le mot de passe',
    doneHeading: 'Votre mot de passe est modifié',
    done: 'Utilisez le nouveau mot de passe pour vous connecter à {brand}. Vous avez été déconnecté partout.',
    goBack: 'Retournez dans l’application pour vous connecter.',
  },
  unblock: {
    heading: 'Votre compte est bloqué pour le moment',
    sub: 'pour {brand}',
    question:
      'Trop de mots de passe incorrects ont été saisis. Si c’était vous, levez le blocage. Si vous ne vous y attendiez pas, fermez la page. Rien ne change alors.',
    unblock: 'Lever le blocage',
    doneHeading: 'Le blocage est levé',
    done: 'Vous pouvez de nouveau vous connecter à {brand} avec {email}.',
    goBack: 'Vous pouvez fermer cette page et retourner dans l’application.',
  },
  verifyEmail: {
    heading: 'Confirmer votre adresse e-mail',
    sub: 'pour {brand}',
    question:
      'Si cette adresse est la vôtre, confirmez-la. Si vous ne vous y attendiez pas, fermez la page. Rien ne change alors.',
    confirm: 'Confirmer cette adresse',
    doneHeading: 'Votre adresse est confirmée',
    done: '{brand} sait maintenant que {email} est votre adresse.',
    goBack: 'Vous pouvez fermer cette page et retourner dans l’application.',
    passwordEnded:
      'Le mot de passe de ce compte avait été défini par une personne qui n’avait pas prouvé que cette boîte est la sienne. Il n’est plus valable : définissez-en un nouveau avec « Mot de passe oublié ? » à la connexion.',
  },
  signOut: {
    heading: 'Se déconnecter de {brand} ?',
    tab: 'Se déconnecter de {brand}',
    askedBy: '{application} a demandé votre déconnexion.',
    asked: 'Une demande de déconnexion nous est parvenue.',
    notYou: 'Si ce n’était pas vous, fermez cette page. Vous restez alors connecté.',
    signOut: 'Se déconnecter',
    outTab: 'Déconnecté de {brand}',
    outHeading: 'Vous êtes déconnecté de {brand}',
    out: 'Vous pouvez fermer cette page. Si d’autres personnes utilisent cet ordinateur, fermez aussi le navigateur. Vous êtes peut-être encore connecté auprès de votre entreprise.',
  },
  links: {
    atCompany: 'Se connecter par votre entreprise',
    again: 'Réessayer',
    emergency: 'Utiliser l’accès d’urgence',
    usePassword: 'Utiliser plutôt un mot de passe',
    back: 'Retour à l’application',
  },
  messages: {
    addressInvalid: 'Saisissez votre adresse e-mail, par exemple nom@entreprise.fr.',
    addressElsewhere:
      'Il n’y a pas de connexion ici pour cette adresse. Vérifiez-la, ou choisissez un autre moyen ci-dessous.',
    addressNowhere:
      'Il n’y a pas de connexion ici pour cette adresse. Vérifiez-la, ou demandez à un administrateur de votre organisation.',
    addressOfNobody:
      'Aucune organisation ne connecte de personnes avec cette adresse. Vérifiez-la, ou demandez à la personne qui vous a invité.',
    passwordMissing: 'Saisissez votre mot de passe.',
    ownPasswordWrong: 'Mot de passe incorrect. Réessayez, ou demandez un code par e-mail.',
    wrongPassword:
      'Adresse e-mail ou mot de passe incorrect. Vérifiez les deux et réessayez, ou demandez un nouveau mot de passe.',
    accountNotOpened:
      'Nous n’avons pas pu ouvrir de compte avec cette adresse. Si vous en avez déjà un, connectez-vous avec son mot de passe.',
    codeWrong: 'Ce code est incorrect, ou il date de plus de dix minutes.',
    codeUnsent:
      'Trop de codes ont été demandés pendant la dernière heure : nous n’en avons pas envoyé d’autre. Réessayez dans une heure.',
    codeUnsentAgain:
      'Trop de codes ont été demandés pendant la dernière heure : nous n’en avons pas envoyé d’autre. Utilisez le dernier dans les dix minutes, ou réessayez dans une heure.',
    linkUnsent:
      'Trop de liens ont été demandés pendant la dernière heure : nous n’en avons pas envoyé d’autre. Cherchez le dernier e-mail, ou réessayez dans une heure.',
    organizationMissing: 'Choisissez une de vos organisations.',
    organizationUnknown:
      'Nous ne connaissons pas cette organisation. Vérifiez le nom, ou demandez à la personne qui vous a invité.',
  },
  passwords: {
    missing: 'Choisissez un mot de passe.',
    tooShort: 'Le mot de passe est trop court : utilisez au moins {count} caractères.',
    tooLong: 'Le mot de passe est trop long : utilisez au plus 1 000 caractères.',
    fair: 'Le mot de passe est trop simple : utilisez une minuscule, une majuscule et un chiffre.',
    classes:
      'Le mot de passe est trop simple : utilisez trois de ces éléments : minuscules, majuscules, chiffres, caractères spéciaux.',
    repeats: 'Le mot de passe se répète : utilisez le même caractère au plus deux fois de suite.',
    commonest: 'Le mot de passe est l’un des plus courants et serait deviné en premier : choisissez-en un autre.',
    ownName:
      'Le mot de passe contient le nom de votre adresse e-mail et serait deviné en premier : choisissez-en un autre.',
    easy: 'Ce mot de passe est facile à deviner. Ajoutez encore un mot peu courant.',
    easyBecause: 'Ce mot de passe est facile à deviner : {reason}. Ajoutez encore un mot peu courant.',
    reasonRepeats: 'il se répète',
    reasonRow: 'les suites comme abc ou azerty sont essayées en premier',
    reasonCommon: 'il ressemble à un mot de passe courant',
    reasonNames: 'les noms sont essayés en premier',
    reasonDates: 'les années et les dates sont essayées en premier',
    reasonWord: 'les mots seuls sont essayés en premier',
    reasonOwn: 'il est fait de noms que l’on connaît de vous',
    rule: '{length}{rest}',
    lengthOne: '1 caractère ou plus',
    length: '{count} caractères ou plus',
    ruleNone: '. Un mot de passe long est plus sûr.',
    ruleLow: '. Un mot de passe courant, ou qui contient le nom de votre adresse e-mail, est refusé.',
    ruleFair:
      '. Utilisez une minuscule, une majuscule et un chiffre. Un mot de passe courant, ou qui contient le nom de votre adresse e-mail, est refusé.',
    ruleGood:
      '. Utilisez trois de ces éléments : minuscules, majuscules, chiffres, caractères spéciaux. Un mot de passe courant, ou qui contient le nom de votre adresse e-mail, est refusé.',
    ruleExcellent:
      '. Utilisez trois de ces éléments : minuscules, majuscules, chiffres, caractères spéciaux ; le même caractère au plus deux fois de suite. Un mot de passe courant, ou qui contient le nom de votre adresse e-mail, est refusé.',
    ruleJudged:
      ' : quatre mots sans rapport entre eux, ou un mélange de trois éléments parmi a-z, A-Z, 0-9 et d’autres signes. Ce qui se devine facilement est refusé.',
  },
  failures: {
    unreadable: 'Cette demande ne peut pas être utilisée',
    unreadableSentence: 'Nous n’avons pas pu lire ce que votre navigateur a envoyé.',
    startAgain: 'Retournez dans l’application et recommencez.',
    broken: 'Nous n’avons pas pu continuer',
    brokenSentence:
      'Quelque chose a échoué de notre côté avant la fin de votre connexion. Vous pouvez réessayer sans risque.',
    brokenAdvice: 'Attendez un instant et recommencez depuis l’application. Si cela dure, communiquez la référence.',
    foreignForm: 'Ce formulaire vient d’un autre site',
    foreignFormSentence: 'Nous n’acceptons que les formulaires de nos propres pages.',
    nothingHere: 'Il n’y a rien ici',
    nothingHereSentence: 'Il n’y a pas de page à cette adresse.',
    tryAgain: 'Veuillez réessayer',
    tooManyCookies: 'Votre navigateur a envoyé trop de cookies, ou une adresse trop longue.',
    cookiesDeleted: 'Nous avons supprimé les cookies des connexions inachevées.',
    deleteCookies:
      'Retournez dans l’application et recommencez. Si cela se reproduit, supprimez les cookies de {host} dans les réglages de votre navigateur. D’autres applications en ont peut-être laissé là.',
    tooSlow: 'Cela a pris trop de temps',
    tooSlowSentence: 'Votre navigateur n’a pas fini d’envoyer sa demande : nous avons cessé d’attendre.',
    tooSlowAdvice: 'Vérifiez votre connexion au réseau, revenez en arrière et réessayez.',
    crowdedSentence: 'Trop de demandes sont arrivées en même temps, et nous n’avons pas répondu à celle-ci.',
    restartSentence: 'Le service de connexion redémarre, et votre demande n’a pas pu aboutir.',
    restartAdvice: 'Attendez un instant, revenez en arrière et réessayez. Vous pouvez réessayer sans risque.',
  },
  logout: {
    failed: 'La déconnexion n’a pas fonctionné',
    unreadable: 'L’application a envoyé une demande qui ne peut pas être lue.',
    otherApplication: 'L’application qui vous envoie n’est pas celle à laquelle vous vous êtes connecté.',
    unknownApplication: 'L’application qui vous envoie n’est pas enregistrée sur ce serveur de connexion.',
    unknownAddress: 'L’application veut vous envoyer à une adresse qu’elle n’a pas enregistrée ici.',
    advice: 'Rien n’a été modifié. Retournez dans l’application, ou communiquez la référence à son assistance.',
    companyRequest: 'Le message du service de connexion de votre entreprise n’a pas pu être vérifié.',
    companyRequestAdvice:
      'Rien n’a été modifié ici. Déconnectez-vous dans l’application, ou communiquez la référence à son assistance.',
    here: 'Vous êtes déconnecté ici',
    companyAnswer:
      'La réponse du service de connexion de votre entreprise n’a pas pu être vérifiée : vous y êtes peut-être encore connecté.',
    companyAnswerAdvice: 'Sur un ordinateur partagé, fermez le navigateur.',
  },
  limits: {
    passwords: 'Trop de mots de passe incorrects sont venus de votre réseau en peu de temps : nous faisons une pause.',
    answers: 'Trop de connexions sans succès sont venues de votre réseau en peu de temps : nous faisons une pause.',
    later:
      'Réessayez demain, ou depuis un autre réseau. Si vous ne pouvez pas attendre, adressez-vous à votre administrateur.',
  },
};
