/**
 * The texts in French of the refusals that people read only if their application has `refusals: page`. seen.ts has the
 * types.
 */
import { ADVICE } from '../advice.js';
import type { ToldWords } from '../seen.js';

const { application, startAgain, administrator, askAdministrator } = ADVICE.fr;
const unusable = 'Cette demande de connexion ne peut pas être utilisée';
const unknown = 'Cette organisation n’est pas connue ici';
const unfinished = 'L’application n’a pas pu terminer votre connexion';

export const fr: ToldWords = {
  'identify.unknown_audience': {
    title: unusable,
    sentence: 'L’application a demandé l’accès à quelque chose qui n’est pas connu ici.',
    advice: application,
  },
  'identify.api_closed': {
    title: unusable,
    sentence: 'L’application a demandé l’accès à quelque chose qu’aucune application ne peut utiliser.',
    advice: application,
  },
  'identify.api_not_granted': {
    title: unusable,
    sentence: 'L’application a demandé l’accès à quelque chose qu’elle ne peut pas utiliser.',
    advice: application,
  },
  'identify.organization_required': {
    title: 'Aucune organisation n’a été indiquée',
    sentence: 'L’application doit indiquer à quelle organisation vous souhaitez vous connecter, et ne l’a pas fait.',
    advice: application,
  },
  'identify.organization_not_allowed': {
    title: 'Cette application n’utilise pas d’organisations',
    sentence: 'L’application a indiqué une organisation, mais elle est configurée pour fonctionner sans organisations.',
    advice: application,
  },
  'identify.organization_not_an_id': {
    title: 'L’organisation n’a pas été comprise',
    sentence: 'L’application a indiqué l’organisation par son nom. Ici, elle doit envoyer l’identifiant.',
    advice: application,
  },
  'identify.unknown_organization': {
    title: unknown,
    sentence: 'Il n’existe aucune organisation du nom ou de l’identifiant que l’application a envoyé.',
    advice: application,
  },
  'identify.organization_name': {
    title: unknown,
    sentence: 'L’application a envoyé un nom qu’aucune organisation ne peut avoir.',
    advice: application,
  },
  'identify.organization_not_chosen': {
    title: 'Choisissez une organisation',
    sentence:
      'L’application doit savoir à quelle organisation vous souhaitez vous connecter, et n’a pas pu vous le demander.',
    advice: startAgain,
  },
  'identify.organization_blocked': {
    title: 'Cette organisation est fermée',
    sentence: 'Personne ne peut se connecter à cette organisation pour le moment.',
    advice: askAdministrator,
  },
  'identify.application_not_entitled': {
    title: 'Cette application n’est pas ouverte à votre organisation',
    sentence: 'Votre organisation n’a pas ouvert cette application à ses membres.',
    advice: askAdministrator,
  },
  'identify.invitation_not_found': {
    title: 'Cette invitation ne peut pas être utilisée',
    sentence: 'L’invitation a déjà servi, a été retirée, ou est trop ancienne.',
    advice:
      'Si vous l’avez déjà acceptée, connectez-vous comme d’habitude. Sinon, demandez une nouvelle invitation à la personne qui vous a invité.',
  },
  'identify.no_connections': {
    title: 'Aucune connexion n’est configurée',
    sentence: 'Cette organisation n’a configuré aucun moyen de se connecter.',
    advice: askAdministrator,
  },
  'identify.no_visible_connections': {
    title: 'Il n’y a aucune connexion à choisir',
    sentence: 'Cette organisation masque tous ses moyens de connexion, et l’application n’en a pas choisi.',
    advice: askAdministrator,
  },
  'identify.connection_not_enabled': {
    title: 'Vous ne pouvez pas vous connecter ainsi ici',
    sentence: 'Le moyen par lequel vous vous êtes connecté n’est pas accepté ici.',
    advice: 'Recommencez depuis l’application et choisissez un autre moyen de connexion.',
  },
  'authenticate.sign_in_too_old': {
    title: 'Connectez-vous à nouveau',
    sentence:
      'L’application vous a demandé de vous connecter à nouveau. La réponse de votre entreprise n’a pas montré que vous veniez de le faire.',
    advice: 'Déconnectez-vous auprès de votre entreprise, puis recommencez depuis l’application.',
  },
  'authenticate.wrong_password': {
    title: 'Adresse e-mail ou mot de passe incorrect',
    sentence: 'L’adresse e-mail ou le mot de passe est incorrect.',
    advice: 'Vérifiez les deux et réessayez, ou demandez un nouveau mot de passe.',
  },
  'authenticate.session_not_usable': {
    title: 'Se connecter',
    sentence: 'Vous n’êtes pas connecté ici, ou pas d’une manière que cette organisation accepte.',
    advice: startAgain,
  },
  'authenticate.sign_up_not_allowed': {
    title: 'Une invitation est nécessaire',
    sentence: 'Il vous faut une invitation pour ouvrir un compte ici.',
    advice: administrator,
  },
  'resolve.ambiguous_account': {
    title: 'Nous ne savons pas quel compte est le vôtre',
    sentence: 'Cette connexion ne mène pas à exactement un compte de cette organisation.',
    advice: askAdministrator,
  },
  'resolve.no_account': {
    title: 'Vous n’avez pas encore de compte ici',
    sentence: 'Votre entreprise vous a connecté, mais cela n’ouvre pas de compte ici.',
    advice:
      'Demandez à un administrateur de votre organisation d’ouvrir un compte pour vous, et communiquez la référence.',
  },
  'resolve.other_user': {
    title: 'L’application attend une autre personne',
    sentence: 'L’application a demandé une personne, et vous vous êtes connecté en tant qu’une autre.',
    advice: 'Retournez dans l’application et connectez-vous en tant que la personne qu’elle connaît.',
  },
  'resolve.issuer_changed': {
    title: 'Votre entreprise vous connecte autrement à présent',
    sentence:
      'Votre entreprise utilise un nouveau service de connexion. Nous ne savons pas encore quel compte y est le vôtre.',
    advice:
      'Adressez-vous à un administrateur de votre organisation, et communiquez la référence. Votre compte ici n’a pas changé.',
  },
  'resolve.seat_moved': {
    title: 'Cette connexion n’est plus utilisée',
    sentence:
      'Votre entreprise vous a donné un nouveau compte dans son service de connexion, et vous êtes venu avec l’ancien.',
    advice:
      'Déconnectez-vous auprès de votre entreprise, et revenez avec le nouveau compte. S’il n’y en a pas, adressez-vous à un administrateur de votre organisation, et communiquez la référence.',
  },
  'admit.organization_needed': {
    title: 'Aucune organisation n’a été indiquée',
    sentence: 'Votre entreprise vous connecte pour une organisation, et l’application n’a pas indiqué laquelle.',
    advice: application,
  },
  'admit.not_own_connection': {
    title: 'Vous ne pouvez pas accéder à votre compte ainsi',
    sentence:
      'Votre compte a été ouvert d’une autre manière. Ce moyen de connexion ne fonctionne que dans une organisation.',
    advice: 'Connectez-vous comme avant, ou choisissez d’abord votre organisation dans l’application.',
  },
  'admit.user_blocked': {
    title: 'Vous ne pouvez pas vous connecter',
    sentence: 'Cette connexion a été désactivée.',
    advice: askAdministrator,
  },
  'admit.invitation_mismatch': {
    title: 'Cette invitation est pour une autre personne',
    sentence:
      'L’invitation indique une autre personne, ou un autre moyen de connexion. Elle peut encore être utilisée.',
    advice: 'Ouvrez à nouveau le lien de l’invitation, et connectez-vous avec l’adresse à laquelle il a été envoyé.',
  },
  'admit.not_a_member': {
    title: 'Vous ne faites pas encore partie de cette organisation',
    sentence: 'Vous avez prouvé qui vous êtes, mais ce compte ne fait pas (encore) partie de l’organisation.',
    advice: administrator,
  },
  'act.denied': {
    title: 'Vous ne pouvez pas vous connecter ici',
    sentence: 'Une règle que l’application applique à la connexion vous a refusé l’accès.',
    advice: askAdministrator,
  },
  'act.failed': {
    title: unfinished,
    sentence: 'Une règle que l’application applique à la connexion ne s’est pas terminée. Rien n’a été modifié.',
    advice: application,
  },
  'act.not_available': {
    title: unfinished,
    sentence:
      'Une règle que l’application applique à la connexion demande quelque chose que ce serveur n’a pas encore.',
    advice: application,
  },
  'act.factors': {
    title: 'Une seconde étape manque',
    sentence:
      'Une règle que l’application applique à la connexion demande une seconde étape que votre compte n’a pas ici.',
    advice: askAdministrator,
  },
  'act.interaction_required': {
    title: 'Se connecter',
    sentence: 'L’application vous demande encore quelque chose avant de vous laisser entrer.',
    advice: startAgain,
  },
  'act.route': {
    title: unfinished,
    sentence:
      'Une règle que l’application applique à la connexion a choisi une connexion que vous ne pouvez pas utiliser ici.',
    advice: application,
  },
  'act.primary_user': {
    title: unfinished,
    sentence:
      'Une règle que l’application applique à la connexion a choisi un compte qui n’appartient pas à cette connexion.',
    advice: application,
  },
  'commit.conflict': {
    title: 'Essayez encore une fois',
    sentence:
      'Ce compte ou son organisation a été modifié pendant que vous vous connectiez : nous nous sommes donc arrêtés.',
    advice: startAgain,
  },
  'authenticate.factor_required': {
    title: 'Encore une étape',
    sentence: 'Cette connexion demande une seconde étape, et l’application a demandé de n’afficher aucune page.',
    advice: startAgain,
  },
};
