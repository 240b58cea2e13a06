/** The mails in Spanish. */
import type { MailLanguage } from './mail-language.js';

const SUPPORT =
  'Este correo se envió a {{ to }}, la dirección support_email del inquilino. Si no lo esperaba, el registro del inquilino indica el motivo.';

/** The kind of a second factor. */
const FACTOR =
  '{% case factor %}{% when "otp" %}aplicación de autenticación{% when "email" %}dirección de correo para códigos{% when "webauthn-roaming" %}llave de seguridad{% when "webauthn-platform" %}este dispositivo{% when "passkey" %}llave de acceso{% else %}código de recuperación{% endcase %}';

export const ES: MailLanguage = {
  moment: '{{ moment }} UTC',
  buttonHint: 'Si el botón no funciona, abra esta dirección:',
  footer: 'Enviado a {{ to }} en nombre de {{ title }}.',
  mails: {
    invitation: {
      subject: '{{ inviterName }} le invita a {{ organizationTitle }}',
      heading: 'Unirse a {{ organizationTitle }}',
      lead: [
        '{{ inviterName }} le invita a usar {{ applicationName }} como miembro de {{ organizationTitle }}.',
        'La invitación es para {{ to }}.',
      ],
      button: 'Aceptar la invitación',
      notes: [
        'La invitación es válida hasta el {{ expiresAt }}.',
        'Si no esperaba esta invitación o no conoce a {{ inviterName }}, no haga nada. Nadie puede unirse sin este enlace, y deja de funcionar por sí solo.',
      ],
    },
    proof_code: {
      subject: 'Su código para {{ organizationTitle }}',
      heading: 'Su código para {{ organizationTitle }}',
      lead: [
        '{% case reason %}{% when "invited" %}Ha abierto una invitación a {{ organizationTitle }}. Un enlace de invitación puede pasarse a otras personas. Este código demuestra que la dirección {{ to }} es suya.{% when "sign_up" %}Está abriendo una cuenta en {{ organizationTitle }}. Este código demuestra que la dirección {{ to }} es suya.{% else %}Está iniciando sesión en {{ organizationTitle }} con {{ connectionTitle }}. Este código demuestra que la dirección {{ to }} es suya.{% endcase %}',
        'Introdúzcalo en la página que lo solicitó:',
      ],
      code: true,
      notes: [
        'El código es válido durante {{ minutes }} minutos. La solicitud procede de la dirección de red {{ ip }}.',
        'Si no fue usted, no haga nada y no dé el código a nadie. Sin él, nadie puede entrar en su cuenta.',
      ],
    },
    factor_code: {
      subject: 'Su código para {{ title }}',
      heading: 'Su código para {{ title }}',
      lead: [
        '{% if reason == "set_up" %}Se está añadiendo la dirección {{ to }} como segundo paso en {{ title }}.{% else %}Alguien está iniciando sesión en {{ title }} con su contraseña y ha pedido un código como segundo paso.{% endif %} Si es usted, introduzca este código:',
      ],
      code: true,
      notes: [
        'El código es válido durante {{ minutes }} minutos y funciona una sola vez. La solicitud procede de la dirección de red {{ ip }}.',
        'Si no fue usted, no dé el código a nadie y cambie su contraseña.',
      ],
    },
    password_reset: {
      subject: 'Elija una contraseña nueva para {{ title }}',
      heading: 'Elegir una contraseña nueva',
      lead: ['Se ha solicitado una contraseña nueva para {{ to }} en {{ title }}. Si fue usted, elíjala aquí:'],
      button: 'Elegir una contraseña nueva',
      notes: [
        'El enlace funciona una sola vez, hasta el {{ expiresAt }}. La solicitud procede de la dirección de red {{ ip }}.',
        'Si no fue usted, no haga nada. Su contraseña no cambia.',
      ],
    },
    password_changed: {
      subject: 'Se ha cambiado su contraseña de {{ title }}',
      heading: 'Se ha cambiado su contraseña',
      lead: [
        'La contraseña de {{ to }} en {{ title }} se cambió el {{ at }}, desde la dirección de red {{ ip }}.',
        'Si fue usted, no tiene que hacer nada. Se ha cerrado su sesión en todas partes.',
        'Si no fue usted, es posible que otra persona tenga acceso a su cuenta. Vaya ahora a la página de inicio de sesión, elija «¿Ha olvidado su contraseña?» y avise a su administrador.',
      ],
      button: 'Ir al inicio de sesión',
      notes: [],
    },
    factor_changed: {
      subject: 'Han cambiado los segundos factores de su cuenta de {{ title }}',
      heading: 'Han cambiado sus segundos factores',
      lead: [
        `{% case change %}{% when "added" %}Se ha añadido: ${FACTOR}.{% when "removed" %}Se ha eliminado: ${FACTOR}.{% when "reset" %}Se han eliminado todos los segundos factores.{% else %}Hay un nuevo código de recuperación. El anterior ya no es válido.{% endcase %}`,
        'El cambio afecta a {{ to }} en {{ title }}, el {{ at }}, {% if ip == "" %}por un administrador{% else %}desde la dirección de red {{ ip }}{% endif %}.',
        'Si fue usted, o si lo solicitó, no tiene que hacer nada.',
        '{% if url %}Si no fue usted, es posible que otra persona tenga acceso a su cuenta. Pulse el botón antes del {{ expiresAt }}: elimina todos los segundos factores y las claves de acceso, anula la contraseña y cierra todas las sesiones. Después avise a su administrador.{% else %}Si no fue usted, es posible que otra persona tenga acceso a su cuenta. Cambie ahora su contraseña y avise a su administrador.{% endif %}',
      ],
      button: 'No fui yo',
      notes: [],
    },
    enrollment_email: {
      subject: 'Configure un segundo paso para {{ title }}',
      heading: 'Configurar un segundo paso',
      lead: [
        'Su cuenta en {{ title }} debe tener un segundo paso al iniciar sesión, para que una contraseña robada no baste. Configúrelo aquí:',
      ],
      button: 'Configurar el segundo paso',
      notes: [
        'El enlace funciona una sola vez, hasta el {{ expiresAt }}. No inicia su sesión.',
        'Si no esperaba este correo, no abra el enlace y pregunte a su administrador.',
      ],
    },
    blocked_account: {
      subject: 'Su cuenta de {{ title }} está bloqueada por el momento',
      heading: 'Su cuenta está bloqueada por el momento',
      lead: [
        'Se han introducido demasiadas contraseñas incorrectas para {{ to }} en {{ title }}. La última procede de la dirección de red {{ ip }}. Para proteger su cuenta, durante un tiempo no se aceptan contraseñas.',
        'Si fue usted, termine el bloqueo aquí:',
      ],
      button: 'Terminar el bloqueo',
      notes: [
        'El enlace funciona una sola vez, hasta el {{ expiresAt }}. Sin él, el bloqueo termina por sí solo al cabo de un cuarto de hora.',
        'Si no fue usted, no haga nada. Nadie ha entrado con esas contraseñas, y la suya no cambia.',
      ],
    },
    verify_email: {
      subject: 'Confirme su dirección de correo para {{ title }}',
      heading: 'Confirmar su dirección de correo',
      lead: ['La dirección {{ to }} se indicó para una cuenta en {{ title }}. Confirme que es suya:'],
      button: 'Confirmar esta dirección',
      notes: [
        'El enlace funciona una sola vez, hasta el {{ expiresAt }}. La solicitud procede de {{ title }}.',
        'Si no fue usted, no haga nada. La dirección queda sin confirmar.',
      ],
    },
    import_completed: {
      subject: 'Se han importado usuarios en {{ title }}',
      heading: 'La importación ha terminado',
      lead: [
        'Se añadieron {{ inserted }} usuarios, se actualizaron {{ updated }} y fallaron {{ failed }} (trabajo {{ jobId }}).',
      ],
      notes: [
        'GET /api/v2/jobs/{{ jobId }}/errors indica, hasta el {{ keptUntil }}, por qué falló cada usuario.',
        SUPPORT,
      ],
    },
    import_failed: {
      subject: 'Ha fallado una importación de usuarios en {{ title }}',
      heading: 'La importación ha fallado',
      lead: ['El trabajo {{ jobId }} ha fallado: {{ reason }}'],
      notes: ['Los usuarios importados antes se conservan. Corrija el archivo y envíelo de nuevo.', SUPPORT],
    },
    domain_proof_shaky: {
      subject: 'La prueba de {{ domain }} va a caducar en {{ title }}',
      heading: 'La prueba de {{ domain }} va a caducar',
      lead: [
        '{{ organizationTitle }} ({{ organizationId }}) ha probado el dominio {{ domain }} con un registro TXT. El registro no se ha vuelto a ver: {{ problem }}',
        'Si no se ve antes del {{ endsAt }}, la organización dejará de contar como propietaria del dominio. A las personas cuya dirección solo garantiza su proveedor de identidad se les pedirá entonces una prueba propia, o se las rechazará.',
      ],
      notes: [
        'Nombre: {{ host }}',
        'Valor: {{ text }}',
        'Si el dominio ya no pertenece a la organización, no tiene que hacer nada.',
        SUPPORT,
      ],
    },
    domain_proof_ended: {
      subject: 'La prueba de {{ domain }} ha caducado en {{ title }}',
      heading: 'La prueba de {{ domain }} ha caducado',
      lead: [
        '{{ organizationTitle }} ({{ organizationId }}) había probado el dominio {{ domain }} con un registro TXT. El registro no se ha visto durante una semana: {{ problem }}',
        'El dominio vuelve a estar pendiente. Para probarlo de nuevo, publique el registro y haga verificar el dominio.',
      ],
      notes: ['Nombre: {{ host }}', 'Valor: {{ text }}', SUPPORT],
    },
  },
};
