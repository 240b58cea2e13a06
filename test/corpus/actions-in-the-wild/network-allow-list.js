// post-login: only from listed networks, in CIDR notation. Known from the vendor's templates (address allow list).
const { BlockList, isIPv6 } = require('node:net');

class Networks {
  #list = new BlockList();

  static parse(text) {
    const networks = new Networks();
    for (const entry of text.split(/[\s,]+/).filter(Boolean)) {
      const [address, bits] = entry.split('/');
      const family = isIPv6(address) ? 'ipv6' : 'ipv4';
      if (bits === undefined) networks.#list.addAddress(address, family);
      else networks.#list.addSubnet(address, Number(bits), family);
    }
    return networks;
  }

  includes(ip) {
    return this.#list.check(ip, isIPv6(ip) ? 'ipv6' : 'ipv4');
  }
}

exports.onExecutePostLogin = async (event, api) => {
  if (!Networks.parse(event.secrets.NETWORKS).includes(event.request.ip)) {
    return api.access.deny(`Access denied from ${event.request.ip}`);
  }
};
