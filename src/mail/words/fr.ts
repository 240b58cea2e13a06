/** The mails in French. */
import type { MailLanguage } from './mail-language.js';

const SUPPORT =
  'Cet e-mail a été envoyé à {{ to }}, l’adresse support_email du locataire. Si vous ne l’attendiez pas, le journal du locataire en donne la raison.';

/** The kind of a second factor. */
const FACTOR =
  '{% case factor %}{% when "otp" %}application d’authentification{% when "email" %}adresse e-mail pour les codes{% when "webauthn-roaming" %}clé de sécurité{% when "webauthn-platform" %}cet appareil{% when "passkey" %}clé d’accès{% else %}code de récupération{% endcase %}';

export const FR: MailLanguage = {
  moment: '{{ moment }} UTC',
  buttonHint: 'Si le bouton ne fonctionne pas, ouvrez cette adresse :',
  footer: 'Envoyé à {{ to }} pour le compte de {{ title }}.',
  mails: {
    invitation: {
      subject: '{{ inviterName }} vous invite à rejoindre {{ organizationTitle }}',
      heading: 'Rejoindre {{ organizationTitle }}',
      lead: [
        '{{ inviterName }} vous invite à utiliser {{ applicationName }} en tant que membre de {{ organizationTitle }}.',
        'L’invitation est destinée à {{ to }}.',
      ],
      button: 'Accepter l’invitation',
      notes: [
        'L’invitation est valable jusqu’au {{ expiresAt }}.',
        'Si vous n’attendiez pas cette invitation ou ne connaissez pas {{ inviterName }}, vous n’avez rien à faire. Personne ne peut entrer sans ce lien, et il expire de lui-même.',
      ],
    },
    proof_code: {
      subject: 'Votre code pour {{ organizationTitle }}',
      heading: 'Votre code pour {{ organizationTitle }}',
      lead: [
        '{% case reason %}{% when "invited" %}Vous avez ouvert une invitation à rejoindre {{ organizationTitle }}. Un lien d’invitation peut être transmis à d’autres. Ce code montre que l’adresse {{ to }} est la vôtre.{% when "sign_up" %}Vous créez un compte chez {{ organizationTitle }}. Ce code montre que l’adresse {{ to }} est la vôtre.{% else %}Vous vous connectez à {{ organizationTitle }} avec {{ connectionTitle }}. Ce code montre que l’adresse {{ to }} est la vôtre.{% endcase %}',
        'Saisissez-le sur la page qui l’a demandé :',
      ],
      code: true,
      notes: [
        'Le code est valable {{ minutes }} minutes. La demande provient de l’adresse réseau {{ ip }}.',
        'Si ce n’était pas vous, vous n’avez rien à faire. Ne donnez le code à personne. Sans lui, personne ne peut accéder à votre compte.',
      ],
    },
    factor_code: {
      subject: 'Votre code pour {{ title }}',
      heading: 'Votre code pour {{ title }}',
      lead: [
        '{% if reason == "set_up" %}L’adresse {{ to }} est en train d’être ajoutée comme seconde étape chez {{ title }}.{% else %}Quelqu’un se connecte à {{ title }} avec votre mot de passe et a demandé un code comme seconde étape.{% endif %} Si c’est vous, saisissez ce code :',
      ],
      code: true,
      notes: [
        'Le code est valable {{ minutes }} minutes et fonctionne une seule fois. La demande provient de l’adresse réseau {{ ip }}.',
        'Si ce n’était pas vous, ne donnez le code à personne et changez votre mot de passe.',
      ],
    },
    password_reset: {
      subject: 'Choisissez un nouveau mot de passe pour {{ title }}',
      heading: 'Choisir un nouveau mot de passe',
      lead: [
        'Un nouveau mot de passe a été demandé pour {{ to }} chez {{ title }}. Si c’était vous, choisissez-le ici :',
      ],
      button: 'Choisir un nouveau mot de passe',
      notes: [
        'Le lien fonctionne une seule fois, jusqu’au {{ expiresAt }}. La demande provient de l’adresse réseau {{ ip }}.',
        'Si ce n’était pas vous, vous n’avez rien à faire. Votre mot de passe ne change pas.',
      ],
    },
    password_changed: {
      subject: 'Votre mot de passe pour {{ title }} a été modifié',
      heading: 'Votre mot de passe a été modifié',
      lead: [
        'Le mot de passe de {{ to }} chez {{ title }} a été modifié le {{ at }}, depuis l’adresse réseau {{ ip }}.',
        'Si c’était vous, vous n’avez rien à faire. Vous avez été déconnecté partout.',
        'Si ce n’était pas vous, quelqu’un d’autre a peut-être accès à votre compte. Ouvrez maintenant la page de connexion, choisissez « Mot de passe oublié ? » et prévenez votre administrateur.',
      ],
      button: 'Aller à la connexion',
      notes: [],
    },
    factor_changed: {
      subject: 'Les seconds facteurs de votre compte chez {{ title }} ont été modifiés',
      heading: 'Vos seconds facteurs ont été modifiés',
      lead: [
        `{% case change %}{% when "added" %}Ajout : ${FACTOR}.{% when "removed" %}Suppression : ${FACTOR}.{% when "reset" %}Tous les seconds facteurs ont été supprimés.{% else %}Il y a un nouveau code de récupération. Le précédent n’est plus valable.{% endcase %}`,
        'La modification concerne {{ to }} chez {{ title }}, le {{ at }}, {% if ip == "" %}par un administrateur{% else %}depuis l’adresse réseau {{ ip }}{% endif %}.',
        'Si c’était vous, ou si vous l’avez demandé, vous n’avez rien à faire.',
        '{% if url %}Si ce n’était pas vous, quelqu’un d’autre a peut-être accès à votre compte. Utilisez le bouton avant le {{ expiresAt }} : il supprime tous les seconds facteurs et toutes les clés d’accès, annule le mot de passe et ferme toutes les sessions. Prévenez ensuite votre administrateur.{% else %}Si ce n’était pas vous, quelqu’un d’autre a peut-être accès à votre compte. Changez maintenant votre mot de passe et prévenez votre administrateur.{% endif %}',
      ],
      button: 'Ce n’était pas moi',
      notes: [],
    },
    enrollment_email: {
      subject: 'Configurez une seconde étape pour {{ title }}',
      heading: 'Configurer une seconde étape',
      lead: [
        'Votre compte chez {{ title }} doit recevoir une seconde étape à la connexion, afin qu’un mot de passe volé ne suffise pas. Configurez-la ici :',
      ],
      button: 'Configurer la seconde étape',
      notes: [
        'Le lien fonctionne une seule fois, jusqu’au {{ expiresAt }}. Il ne vous connecte pas.',
        'Si vous n’attendiez pas cet e-mail, n’ouvrez pas le lien et demandez à votre administrateur.',
      ],
    },
    blocked_account: {
      subject: 'Votre compte chez {{ title }} est bloqué pour le moment',
      heading: 'Votre compte est bloqué pour le moment',
      lead: [
        'Trop de mots de passe incorrects ont été saisis pour {{ to }} chez {{ title }}. Le dernier provient de l’adresse réseau {{ ip }}. Pour protéger votre compte, aucun mot de passe n’est accepté pendant un moment.',
        'Si c’était vous, levez le blocage ici :',
      ],
      button: 'Lever le blocage',
      notes: [
        'Le lien fonctionne une seule fois, jusqu’au {{ expiresAt }}. Sans lui, le blocage prend fin de lui-même au bout d’un quart d’heure.',
        'Si ce n’était pas vous, vous n’avez rien à faire. Personne n’est entré avec ces mots de passe, et le vôtre ne change pas.',
      ],
    },
    verify_email: {
      subject: 'Confirmez votre adresse e-mail pour {{ title }}',
      heading: 'Confirmer votre adresse e-mail',
      lead: [
        'L’adresse {{ to }} a été indiquée pour un compte chez {{ title }}. Confirmez qu’elle est bien la vôtre :',
      ],
      button: 'Confirmer cette adresse',
      notes: [
        'Le lien fonctionne une seule fois, jusqu’au {{ expiresAt }}. La demande provient de {{ title }}.',
        'Si ce n’était pas vous, vous n’avez rien à faire. L’adresse reste non confirmée.',
      ],
    },
    import_completed: {
      subject: 'Des utilisateurs ont été importés chez {{ title }}',
      heading: 'L’importation est terminée',
      lead: [
        '{{ inserted }} utilisateurs ont été ajoutés, {{ updated }} mis à jour et {{ failed }} ont échoué (tâche {{ jobId }}).',
      ],
      notes: [
        'GET /api/v2/jobs/{{ jobId }}/errors indique, jusqu’au {{ keptUntil }}, la raison de chaque échec.',
        SUPPORT,
      ],
    },
    import_failed: {
      subject: 'Une importation d’utilisateurs a échoué chez {{ title }}',
      heading: 'L’importation a échoué',
      lead: ['La tâche {{ jobId }} a échoué : {{ reason }}'],
      notes: [
        'Les utilisateurs importés auparavant sont conservés. Corrigez le fichier et envoyez-le de nouveau.',
        SUPPORT,
      ],
    },
    domain_proof_shaky: {
      subject: 'La preuve de {{ domain }} va expirer chez {{ title }}',
      heading: 'La preuve de {{ domain }} va expirer',
      lead: [
        '{{ organizationTitle }} ({{ organizationId }}) a prouvé le domaine {{ domain }} par un enregistrement TXT. L’enregistrement n’a pas été revu : {{ problem }}',
        'S’il n’est pas vu avant le {{ endsAt }}, l’organisation ne compte plus comme propriétaire du domaine. Les personnes dont seul le fournisseur d’identité garantit l’adresse devront alors la prouver elles-mêmes, ou seront refusées.',
      ],
      notes: [
        'Nom : {{ host }}',
        'Valeur : {{ text }}',
        'Si le domaine n’appartient plus à l’organisation, vous n’avez rien à faire.',
        SUPPORT,
      ],
    },
    domain_proof_ended: {
      subject: 'La preuve de {{ domain }} a expiré chez {{ title }}',
      heading: 'La preuve de {{ domain }} a expiré',
      lead: [
        '{{ organizationTitle }} ({{ organizationId }}) avait prouvé le domaine {{ domain }} par un enregistrement TXT. L’enregistrement n’a pas été vu pendant une semaine : {{ problem }}',
        'Le domaine est de nouveau en attente. Pour le prouver à nouveau, publiez l’enregistrement et faites vérifier le domaine.',
      ],
      notes: ['Nom : {{ host }}', 'Valeur : {{ text }}', SUPPORT],
    },
  },
};
