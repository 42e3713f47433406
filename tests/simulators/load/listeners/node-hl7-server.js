// An MLLP listener made of node-hl7-server: acknowledges every message with AA. Loopback only; says
// its port on standard output.
const net = require('net');
const { Server } = require('node-hl7-server');

// The package ignores the address that it is told to bind.
const { listen } = net.Server.prototype;
net.Server.prototype.listen = function (where, ...rest) {
  const options = typeof where === 'object' ? where : { port: Number(where) };
  return listen.call(this, { ...options, host: '127.0.0.1' }, ...rest);
};

// Port 0 is none to this package, so a free one is looked for first.
const probe = net.createServer().listen(0, () => {
  const { port } = probe.address();
  probe.close(() => {
    const server = new Server({ bindAddress: '127.0.0.1' });
    const inbound = server.createInbound({ port }, (request, response) => response.sendResponse('AA'));
    inbound.on('listen', () => console.log(`listening on ${port}`));
  });
});
