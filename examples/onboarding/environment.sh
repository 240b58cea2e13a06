# To be read by each terminal (`. examples/onboarding/environment.sh`), in the checkout: a certificate authority of one's own with a
# certificate for localhost, made once with openssl, and the environment of the server and of the commands that talk to it.
mkdir -p .demo
if [ ! -f .demo/server.pem ]; then
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj '/CN=Authority of this machine' \
    -keyout .demo/ca.key -out .demo/ca.pem 2>/dev/null
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '/CN=localhost' \
    -keyout .demo/server.key -out .demo/server.csr 2>/dev/null
  echo 'subjectAltName=DNS:localhost' >.demo/names
  openssl x509 -req -days 30 -in .demo/server.csr -CA .demo/ca.pem -CAkey .demo/ca.key -CAcreateserial -extfile .demo/names \
    -out .demo/server.pem 2>/dev/null
fi
export PORT=4000 VESTIBULE_DATA_DIR=.demo/onboarding
export VESTIBULE_TLS_CERT=.demo/server.pem VESTIBULE_TLS_KEY=.demo/server.key NODE_EXTRA_CA_CERTS=.demo/ca.pem
# Acme's identity provider runs on this machine, which a server may otherwise not be sent to.
export VESTIBULE_OUTBOUND_ALLOW=127.0.0.0/8,::1
# May do everything through the Management API.
export VESTIBULE_MANAGEMENT_CLIENT_ID=operator VESTIBULE_MANAGEMENT_CLIENT_SECRET=operator-on-loopback-only
