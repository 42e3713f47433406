// An MLLP listener made of simple-hl7: acknowledges every message with AA. Loopback only; says its
// port on standard output.
const net = require('net');

const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (port) {
  return listen.call(this, port, '127.0.0.1', () => console.log(`listening on ${this.address().port}`));
};

const app = require('simple-hl7').tcp();
app.use((request, response, next) => next());
app.use((request, response, next) => response.end());
app.start(0);
