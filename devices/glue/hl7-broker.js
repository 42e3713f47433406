'use strict';
// An MLLP listener beside a storage server: node hl7-broker.js PORT STORAGE HL7_PORT LIBRARY
// LIBRARY is simple-hl7 or node-hl7-server. Every message is acknowledged with AA and none is kept, so
// that what is tested is the library; the DICOM side is the glue of dcmjs-dimse, which reads the first
// two arguments itself.

const net = require('node:net');

// Left to themselves, the libraries listen on every address of the machine.
const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (where, ...rest) {
  const options = typeof where === 'object' ? where : { port: Number(where) };
  return listen.call(this, { ...options, host: '127.0.0.1' }, ...rest);
};

require('./dcmjs-scp.js');

const LISTENERS = {
  'simple-hl7': (port) => {
    const app = require('simple-hl7').tcp();
    app.use((request, response, next) => next());
    app.use((request, response, next) => response.end());
    app.start(port);
  },
  'node-hl7-server': (port) => {
    const { Server } = require('node-hl7-server');
    new Server().createInbound({ port }, (request, response) => response.sendResponse('AA'));
  },
};

LISTENERS[process.argv[5]](Number(process.argv[4]));
