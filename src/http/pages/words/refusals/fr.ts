/** The refusals in French; the keys are those of refusals/seen.ts. */
import type { RefusalWords } from './seen.js';

const application =
  'Retournez dans l’application et réessayez. Si cela se reproduit, communiquez la référence à son assistance.';
const startAgain = 'Recommencez depuis l’application.';
const administrator =
  'Demandez à un administrateur de votre organisation de vous inviter, et communiquez la référence.';
const unusable = {
  title: 'Cette demande de connexion ne peut pas être utilisée',
  sentence:
    'L’application qui vous envoie a fait une demande à laquelle nous ne pouvons pas nous fier : nous ne vous avons donc pas renvoyé vers elle.',
  advice: application,
};

export const refusalsFr: RefusalWords = {
  'identify.unknown_client': {
    title: 'Cette application n’est pas connue ici',
    sentence: 'L’application qui vous envoie n’est pas enregistrée sur ce serveur de connexion.',
    advice: application,
  },
  'identify.invalid_request': unusable,
  'identify.callback_mismatch': unusable,
  'identify.connection_changed': {
    title: 'Connectez-vous à nouveau',
    sentence:
      'Les réglages de connexion ont changé pendant que vous vous connectiez : nous n’avons pas pu utiliser la réponse.',
    advice: startAgain,
  },
  'identify.request_too_large': {
    title: 'La demande est trop grande',
    sentence: 'L’application a envoyé plus de données qu’un navigateur ne peut en garder pendant une connexion.',
    advice: application,
  },
  'authenticate.unknown_transaction': {
    title: 'Cette connexion ne peut pas continuer',
    sentence: 'Elle est déjà terminée, a duré plus d’une heure, ou a commencé dans un autre navigateur.',
    advice: 'Retournez dans l’application. Si vous n’y êtes pas connecté, recommencez.',
  },
  'authenticate.ticket_not_usable': {
    title: 'Ce lien ne peut pas être utilisé',
    sentence: 'Le lien a déjà servi, est trop ancien, ou n’a pas été copié en entier. Chaque lien fonctionne une fois.',
    advice: 'Retournez dans l’application et demandez-en un nouveau.',
  },
  'authenticate.idp_denied': {
    title: 'Votre entreprise ne vous a pas connecté',
    sentence: 'La page de connexion de votre entreprise s’est terminée sans vous connecter.',
    advice: 'Recommencez depuis l’application, ou demandez au service informatique de votre entreprise.',
  },
  'authenticate.idp_unreachable': {
    title: 'Nous n’arrivons pas à joindre votre entreprise',
    sentence: 'Le service de connexion de votre entreprise n’a pas répondu.',
    advice:
      'Attendez une minute et recommencez depuis l’application. Si cela dure, communiquez la référence au service informatique de votre entreprise.',
  },
  'authenticate.idp_keys': {
    title: 'Nous n’avons pas pu vérifier qui vous êtes',
    sentence:
      'Votre entreprise vous a connecté, mais nous n’avons pas pu obtenir les clés nécessaires pour vérifier sa réponse.',
    advice:
      'Attendez une demi-minute et recommencez depuis l’application. Si cela dure, communiquez la référence au service informatique de votre entreprise.',
  },
  'authenticate.idp_invalid': {
    title: 'La réponse de votre entreprise n’a pas pu être vérifiée',
    sentence:
      'La réponse du service de connexion de votre entreprise n’a pas passé nos vérifications : nous ne l’avons pas utilisée.',
    advice:
      'Recommencez depuis l’application. Si cela se reproduit, communiquez la référence au service informatique de votre entreprise.',
  },
  'authenticate.too_many_attempts': {
    title: 'Trop d’essais',
    sentence: 'Il y a eu trop d’essais en peu de temps : nous faisons une pause.',
    advice: 'Attendez un quart d’heure, puis réessayez ou demandez un nouveau mot de passe.',
  },
  'authenticate.proof_failed': {
    title: 'Nous n’avons pas pu confirmer que c’est vous',
    sentence:
      'Le code ou le mot de passe était incorrect, ou cela a pris trop de temps. Rien n’a été modifié. Une invitation peut encore servir.',
    advice: 'Recommencez depuis l’application ou depuis l’invitation.',
  },
  'admit.sso_required': {
    title: 'C’est votre entreprise qui vous connecte',
    sentence:
      'Cette organisation demande aux personnes de votre entreprise de se connecter par l’entreprise, et non avec un mot de passe.',
    advice:
      'Connectez-vous avec votre adresse professionnelle. Si l’entreprise ne peut pas vous connecter, demandez à un administrateur de votre organisation.',
  },
  'admit.not_in_pilot': {
    title: 'La connexion de votre entreprise ne vous est pas encore ouverte',
    sentence: 'Votre organisation essaie d’abord la connexion de votre entreprise avec quelques personnes.',
    advice:
      'Connectez-vous comme avant. Si vous devez être parmi les premiers, demandez à un administrateur de votre organisation.',
  },
  'admit.invitation_needs_company': {
    title: 'C’est votre entreprise qui vous connecte',
    sentence:
      'Cette invitation est pour un mot de passe. L’organisation demande maintenant aux personnes de votre entreprise de se connecter par l’entreprise.',
    advice:
      'Demandez une nouvelle invitation qui utilise la connexion de votre entreprise, et communiquez la référence.',
  },
  'act.registration_denied': {
    title: 'Le compte n’a pas été ouvert',
    sentence: 'Une règle que l’application applique aux nouveaux comptes vous a refusé l’accès.',
    advice: administrator,
  },
  'act.busy': {
    title: 'Réessayez dans une minute',
    sentence: 'Les règles que l’application applique à la connexion sont toutes occupées en ce moment.',
    advice: startAgain,
  },
  'commit.replayed': {
    title: 'Cette connexion est terminée',
    sentence: 'Cette connexion a déjà abouti, peut-être dans un autre onglet.',
    advice: 'Retournez dans l’application.',
  },
};
