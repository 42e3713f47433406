// An MLLP listener made of node-hl7-server: acknowledges every message with AA. Loopback only; says
// its port on standard output.
const net = require('net');
const { Server } = require('node-hl7-server');

// Port 0 is none to this package, so a free one is looked for first.
const probe = net.createServer().listen(0, '127.0.0.1', () => {
  const { port } = probe.address();
  probe.close(() => {
    const server = new Server({ bindAddress: '127.0.0.1' });
    const inbound = server.createInbound({ port }, (request, response) => response.sendResponse('AA'));
    inbound.on('listen', () => console.log(`listening on ${port}`));
  });
});
