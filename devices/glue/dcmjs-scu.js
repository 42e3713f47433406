'use strict';
// A client on dcmjs-dimse over TLS: node dcmjs-scu.js KEY CERT CA HOST PORT CALLED CALLING [FILE]
// One association, one command; the exit code is 0 if the peer says success.

const fs = require('node:fs');
const { Client, constants, requests } = require('dcmjs-dimse');

const TIMEOUT_MS = 8000;
const [key, cert, ca, host, port, called, calling, file] = process.argv.slice(2);
let succeeded = false;

const request = file ? new requests.CStoreRequest(file) : new requests.CEchoRequest();
request.on('response', (response) => {
  succeeded = response.getStatus() === constants.Status.Success;
});

const client = new Client();
client.addRequest(request);
client.on('networkError', (error) => {
  console.error(`network error: ${error.message}`);
  process.exit(1);
});
client.on('associationRejected', () => process.exit(1));
client.on('closed', () => process.exit(succeeded ? 0 : 1));
client.send(host, Number(port), calling, called, {
  connectTimeout: TIMEOUT_MS,
  associationTimeout: TIMEOUT_MS,
  pduTimeout: TIMEOUT_MS,
  securityOptions: {
    key: fs.readFileSync(key),
    cert: fs.readFileSync(cert),
    ca: fs.readFileSync(ca),
    rejectUnauthorized: true,
  },
});
