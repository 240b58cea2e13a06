/**
 * The texts in Spanish of the refusals that people read only if their application has `refusals: page`. seen.ts has the
 * types.
 */
import { ADVICE } from '../advice.js';
import type { ToldWords } from '../seen.js';

const { application, startAgain, administrator, askAdministrator } = ADVICE.es;
const unusable = 'Esta solicitud de inicio de sesión no se puede usar';
const unknown = 'Esta organización no se conoce aquí';
const unfinished = 'La aplicación no pudo terminar su inicio de sesión';

export const es: ToldWords = {
  'identify.unknown_audience': {
    title: unusable,
    sentence: 'La aplicación pidió acceso a algo que aquí no se conoce.',
    advice: application,
  },
  'identify.api_closed': {
    title: unusable,
    sentence: 'La aplicación pidió acceso a algo que ninguna aplicación puede usar.',
    advice: application,
  },
  'identify.api_not_granted': {
    title: unusable,
    sentence: 'La aplicación pidió acceso a algo que no puede usar.',
    advice: application,
  },
  'identify.organization_required': {
    title: 'No se indicó ninguna organización',
    sentence: 'La aplicación tiene que indicar en qué organización quiere iniciar sesión, y no lo hizo.',
    advice: application,
  },
  'identify.organization_not_allowed': {
    title: 'Esta aplicación no usa organizaciones',
    sentence: 'La aplicación indicó una organización, pero está configurada para funcionar sin organizaciones.',
    advice: application,
  },
  'identify.organization_not_an_id': {
    title: 'No se entendió la organización',
    sentence: 'La aplicación indicó la organización por su nombre. Aquí tiene que enviar el identificador.',
    advice: application,
  },
  'identify.unknown_organization': {
    title: unknown,
    sentence: 'No hay ninguna organización con el nombre o el identificador que envió la aplicación.',
    advice: application,
  },
  'identify.organization_name': {
    title: unknown,
    sentence: 'La aplicación envió un nombre que ninguna organización puede tener.',
    advice: application,
  },
  'identify.organization_not_chosen': {
    title: 'Elija una organización',
    sentence: 'La aplicación necesita saber en qué organización quiere iniciar sesión, y no pudo preguntárselo.',
    advice: startAgain,
  },
  'identify.organization_blocked': {
    title: 'Esta organización está cerrada',
    sentence: 'Nadie puede iniciar sesión en esta organización en este momento.',
    advice: askAdministrator,
  },
  'identify.application_not_entitled': {
    title: 'Esta aplicación no está habilitada para su organización',
    sentence: 'Su organización no ha habilitado esta aplicación para sus miembros.',
    advice: askAdministrator,
  },
  'identify.invitation_not_found': {
    title: 'Esta invitación no se puede usar',
    sentence: 'La invitación ya se usó, se retiró o es demasiado antigua.',
    advice: 'Si ya la aceptó, inicie sesión como siempre. Si no, pida una invitación nueva a la persona que le invitó.',
  },
  'identify.no_connections': {
    title: 'No hay ningún inicio de sesión configurado',
    sentence: 'Esta organización no ha configurado ninguna forma de iniciar sesión.',
    advice: askAdministrator,
  },
  'identify.no_visible_connections': {
    title: 'No hay ningún inicio de sesión que elegir',
    sentence: 'Esta organización oculta todas sus formas de iniciar sesión, y la aplicación no eligió ninguna.',
    advice: askAdministrator,
  },
  'identify.connection_not_enabled': {
    title: 'Aquí no puede iniciar sesión de esta forma',
    sentence: 'La forma en que inició sesión no se acepta aquí.',
    advice: 'Empiece de nuevo desde la aplicación y elija otra forma de iniciar sesión.',
  },
  'authenticate.sign_in_too_old': {
    title: 'Inicie sesión de nuevo',
    sentence:
      'La aplicación le pidió que iniciara sesión de nuevo. La respuesta de su empresa no mostró que acabara de hacerlo.',
    advice: 'Cierre la sesión en su empresa y empiece de nuevo desde la aplicación.',
  },
  'authenticate.wrong_password': {
    title: 'Correo o contraseña incorrectos',
    sentence: 'El correo electrónico o la contraseña no son correctos.',
    advice: 'Compruebe ambos e inténtelo de nuevo, o pida una contraseña nueva.',
  },
  'authenticate.session_not_usable': {
    title: 'Iniciar sesión',
    sentence: 'No ha iniciado sesión aquí, o no de una forma que esta organización acepte.',
    advice: startAgain,
  },
  'authenticate.sign_up_not_allowed': {
    title: 'Se necesita una invitación',
    sentence: 'Necesita una invitación para abrir una cuenta aquí.',
    advice: administrator,
  },
  'resolve.ambiguous_account': {
    title: 'No sabemos cuál es su cuenta',
    sentence: 'Este inicio de sesión no lleva a exactamente una cuenta de esta organización.',
    advice: askAdministrator,
  },
  'resolve.no_account': {
    title: 'Aún no tiene una cuenta aquí',
    sentence: 'Su empresa inició su sesión, pero eso no abre una cuenta aquí.',
    advice:
      'Pida a un administrador de su organización que abra una cuenta para usted, e indique el número de referencia.',
  },
  'resolve.other_user': {
    title: 'La aplicación espera a otra persona',
    sentence: 'La aplicación preguntó por una persona, y usted inició sesión como otra.',
    advice: 'Vuelva a la aplicación e inicie sesión como la persona que ella conoce.',
  },
  'resolve.issuer_changed': {
    title: 'Su empresa inicia ahora su sesión de otra forma',
    sentence: 'Su empresa usa un servicio de inicio de sesión nuevo. Aún no sabemos cuál es su cuenta allí.',
    advice:
      'Pregunte a un administrador de su organización, e indique el número de referencia. Su cuenta aquí no ha cambiado.',
  },
  'resolve.seat_moved': {
    title: 'Este inicio de sesión ya no se usa',
    sentence: 'Su empresa le dio una cuenta nueva en su servicio de inicio de sesión, y usted vino con la anterior.',
    advice:
      'Cierre la sesión en su empresa y vuelva con la cuenta nueva. Si no la hay, pregunte a un administrador de su organización, e indique el número de referencia.',
  },
  'admit.organization_needed': {
    title: 'No se indicó ninguna organización',
    sentence: 'Su empresa inicia su sesión para una organización, y la aplicación no indicó para cuál.',
    advice: application,
  },
  'admit.not_own_connection': {
    title: 'No puede llegar a su cuenta de esta forma',
    sentence: 'Su cuenta se abrió de otra forma. Esta solo funciona dentro de una organización.',
    advice: 'Inicie sesión como antes, o elija primero su organización en la aplicación.',
  },
  'admit.user_blocked': {
    title: 'No puede iniciar sesión',
    sentence: 'Este inicio de sesión se ha desactivado.',
    advice: askAdministrator,
  },
  'admit.invitation_mismatch': {
    title: 'Esta invitación es para otra persona',
    sentence: 'La invitación nombra a otra persona, u otra forma de iniciar sesión. Todavía se puede usar.',
    advice: 'Abra de nuevo el enlace de la invitación, e inicie sesión con la dirección a la que se envió.',
  },
  'admit.not_a_member': {
    title: 'Aún no forma parte de esta organización',
    sentence: 'Demostró quién es, pero esta cuenta no forma parte (todavía) de la organización.',
    advice: administrator,
  },
  'act.denied': {
    title: 'No puede iniciar sesión aquí',
    sentence: 'Una regla que la aplicación aplica al iniciar sesión no le ha dejado pasar.',
    advice: askAdministrator,
  },
  'act.failed': {
    title: unfinished,
    sentence: 'Una regla que la aplicación aplica al iniciar sesión no terminó. No se ha cambiado nada.',
    advice: application,
  },
  'act.not_available': {
    title: unfinished,
    sentence: 'Una regla que la aplicación aplica al iniciar sesión pide algo que este servidor aún no tiene.',
    advice: application,
  },
  'act.factors': {
    title: 'Falta un segundo paso',
    sentence: 'Una regla que la aplicación aplica al iniciar sesión pide un segundo paso que su cuenta no tiene aquí.',
    advice: askAdministrator,
  },
  'act.interaction_required': {
    title: 'Iniciar sesión',
    sentence: 'La aplicación le pide algo más antes de dejarle entrar.',
    advice: startAgain,
  },
  'act.route': {
    title: unfinished,
    sentence:
      'Una regla que la aplicación aplica al iniciar sesión eligió un inicio de sesión que usted no puede usar aquí.',
    advice: application,
  },
  'act.primary_user': {
    title: unfinished,
    sentence:
      'Una regla que la aplicación aplica al iniciar sesión eligió una cuenta que no pertenece a este inicio de sesión.',
    advice: application,
  },
  'commit.conflict': {
    title: 'Inténtelo una vez más',
    sentence: 'Esta cuenta o su organización se cambió mientras iniciaba sesión, así que nos detuvimos.',
    advice: startAgain,
  },
  'authenticate.factor_required': {
    title: 'Falta un paso',
    sentence:
      'Este inicio de sesión necesita un segundo paso, y la aplicación pidió que no mostráramos ninguna página.',
    advice: startAgain,
  },
};
