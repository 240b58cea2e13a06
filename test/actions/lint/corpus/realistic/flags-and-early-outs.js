exports.onExecutePostLogin = async (event, api) => {
  let denied = false;
  if (event.user.app_metadata.suspended) {
    api.access.deny('Suspended.');
    denied = true;
  }
  if (!denied) {
    api.user.setAppMetadata('last_ip', event.request.ip);
  }
};
