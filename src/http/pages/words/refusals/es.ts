/** The refusals in Spanish; the keys are those of refusals/seen.ts. */
import type { RefusalWords } from './seen.js';

const application =
  'Vuelva a la aplicación e inténtelo de nuevo. Si ocurre otra vez, indique el número de referencia a su equipo de asistencia.';
const startAgain = 'Empiece de nuevo desde la aplicación.';
const administrator = 'Pida a un administrador de su organización que le invite, e indique el número de referencia.';
const unusable = {
  title: 'Esta solicitud de inicio de sesión no se puede usar',
  sentence:
    'La aplicación desde la que llega hizo una solicitud en la que no podemos confiar, así que no le hemos enviado de vuelta a ella.',
  advice: application,
};

export const refusalsEs: RefusalWords = {
  'identify.unknown_client': {
    title: 'Esta aplicación no se conoce aquí',
    sentence: 'La aplicación desde la que llega no está registrada en este servidor de inicio de sesión.',
    advice: application,
  },
  'identify.invalid_request': unusable,
  'identify.callback_mismatch': unusable,
  'identify.connection_changed': {
    title: 'Inicie sesión de nuevo',
    sentence:
      'Los ajustes de inicio de sesión cambiaron mientras usted iniciaba sesión, así que no pudimos usar la respuesta.',
    advice: startAgain,
  },
  'identify.request_too_large': {
    title: 'La solicitud es demasiado grande',
    sentence: 'La aplicación envió más datos de los que un navegador puede guardar durante un inicio de sesión.',
    advice: application,
  },
  'authenticate.unknown_transaction': {
    title: 'Este inicio de sesión no puede continuar',
    sentence: 'Ya terminó, duró más de una hora o se empezó en otro navegador.',
    advice: 'Vuelva a la aplicación. Si no ha iniciado sesión en ella, empiece de nuevo.',
  },
  'authenticate.ticket_not_usable': {
    title: 'Este enlace no se puede usar',
    sentence: 'El enlace ya se usó, es demasiado antiguo o no se copió completo. Cada enlace funciona una vez.',
    advice: 'Vuelva a la aplicación y pida uno nuevo.',
  },
  'authenticate.idp_denied': {
    title: 'Su empresa no inició su sesión',
    sentence: 'La página de inicio de sesión de su empresa terminó sin iniciar su sesión.',
    advice: 'Empiece de nuevo desde la aplicación o pregunte al equipo de informática de su empresa.',
  },
  'authenticate.idp_unreachable': {
    title: 'No podemos conectar con su empresa',
    sentence: 'El inicio de sesión de su empresa no respondió.',
    advice:
      'Espere un minuto y empiece de nuevo desde la aplicación. Si continúa, indique el número de referencia al equipo de informática de su empresa.',
  },
  'authenticate.idp_keys': {
    title: 'No pudimos comprobar quién es usted',
    sentence:
      'Su empresa inició su sesión, pero no pudimos obtener las claves que necesitamos para comprobar su respuesta.',
    advice:
      'Espere medio minuto y empiece de nuevo desde la aplicación. Si continúa, indique el número de referencia al equipo de informática de su empresa.',
  },
  'authenticate.idp_invalid': {
    title: 'No se pudo comprobar la respuesta de su empresa',
    sentence:
      'La respuesta del inicio de sesión de su empresa no superó nuestras comprobaciones, así que no la usamos.',
    advice:
      'Empiece de nuevo desde la aplicación. Si ocurre otra vez, indique el número de referencia al equipo de informática de su empresa.',
  },
  'authenticate.too_many_attempts': {
    title: 'Demasiados intentos',
    sentence: 'Hubo demasiados intentos en poco tiempo, así que hacemos una pausa.',
    advice: 'Espere un cuarto de hora y después inténtelo de nuevo o pida una contraseña nueva.',
  },
  'authenticate.proof_failed': {
    title: 'No pudimos confirmar que es usted',
    sentence:
      'El código o la contraseña eran incorrectos, o se tardó demasiado. No ha cambiado nada. Una invitación todavía se puede usar.',
    advice: 'Empiece de nuevo desde la aplicación o desde la invitación.',
  },
  'admit.sso_required': {
    title: 'Su empresa inicia su sesión',
    sentence:
      'Esta organización pide a las personas de su empresa que inicien sesión en la empresa, no con una contraseña.',
    advice:
      'Inicie sesión con su dirección de trabajo. Si la empresa no puede iniciar su sesión, pregunte a un administrador de su organización.',
  },
  'admit.not_in_pilot': {
    title: 'El inicio de sesión de su empresa aún no está abierto para usted',
    sentence: 'Su organización prueba primero el inicio de sesión de su empresa con unas pocas personas.',
    advice:
      'Inicie sesión como antes. Si debería estar entre las primeras personas, pregunte a un administrador de su organización.',
  },
  'admit.invitation_needs_company': {
    title: 'Su empresa inicia su sesión',
    sentence:
      'Esta invitación es para una contraseña. Ahora la organización pide a las personas de su empresa que inicien sesión en la empresa.',
    advice: 'Pida una invitación nueva que use el inicio de sesión de su empresa, e indique el número de referencia.',
  },
  'act.registration_denied': {
    title: 'La cuenta no se abrió',
    sentence: 'Una regla que la aplicación aplica a las cuentas nuevas no le ha dejado pasar.',
    advice: administrator,
  },
  'act.busy': {
    title: 'Inténtelo de nuevo en un minuto',
    sentence: 'Las reglas que la aplicación aplica al iniciar sesión están todas ocupadas en este momento.',
    advice: startAgain,
  },
  'commit.replayed': {
    title: 'Este inicio de sesión ya terminó',
    sentence: 'Este inicio de sesión ya se completó, quizá en otra pestaña.',
    advice: 'Vuelva a la aplicación.',
  },
};
