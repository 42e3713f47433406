'use strict';
// A client on dcmjs-dimse: node dcmjs-client.js SERVICE HOST PORT CALLED CALLING [FILE|OUT [LISTEN]]
// SERVICE is verification, storage (FILE), query, retrieve (OUT) or move (OUT and the port LISTEN).
// One association, one command; the exit code is 0 if the last response says success. Objects are
// numbered, because a file name taken from the peer would be the glue's own flaw.

const path = require('node:path');
const { Client, Scp, Server, constants, requests, responses } = require('dcmjs-dimse');

const { PresentationContextResult, SopClass, Status, StorageClass, TransferSyntax } = constants;
const TIMEOUT_MS = 8000;
const TIMEOUTS = {
  connectTimeout: TIMEOUT_MS,
  associationTimeout: TIMEOUT_MS,
  pduTimeout: TIMEOUT_MS,
};
const CLASSES = new Set([SopClass.Verification, ...Object.values(StorageClass)]);
const SYNTAXES = [TransferSyntax.ExplicitVRLittleEndian, TransferSyntax.ImplicitVRLittleEndian];
const STUDY = '2.25.1';

const [service, host, port, called, calling, place, listen] = process.argv.slice(2);
let status;
let stored = 0;

function keep(request, callback) {
  const response = responses.CStoreResponse.fromRequest(request);
  stored += 1;
  request.getDataset().toFile(path.join(place, `${stored}.dcm`), (error) => {
    response.setStatus(error ? Status.ProcessingFailure : Status.Success);
    callback(response);
  });
}

class StorageScp extends Scp {
  associationRequested(association) {
    for (const { id } of association.getPresentationContexts()) {
      const context = association.getPresentationContext(id);
      const offered = context.getTransferSyntaxUids();
      const syntax = SYNTAXES.find((uid) => offered.includes(uid));
      if (!CLASSES.has(context.getAbstractSyntaxUid())) {
        context.setResult(PresentationContextResult.RejectAbstractSyntaxNotSupported);
      } else if (syntax === undefined) {
        context.setResult(PresentationContextResult.RejectTransferSyntaxesNotSupported);
      } else {
        context.setResult(PresentationContextResult.Accept, syntax);
      }
    }
    this.sendAssociationAccept();
  }

  cStoreRequest(request, callback) {
    keep(request, callback);
  }

  associationReleaseRequested() {
    this.sendAssociationReleaseResponse();
  }
}

const asked = {
  verification: () => new requests.CEchoRequest(),
  storage: () => new requests.CStoreRequest(place),
  query: () => requests.CFindRequest.createStudyFindRequest({ PatientName: '' }),
  retrieve: () => requests.CGetRequest.createStudyGetRequest(STUDY),
  move: () => requests.CMoveRequest.createStudyMoveRequest(calling, STUDY),
};

const request = asked[service]();
request.on('response', (response) => {
  status = response.getStatus();
});

if (service === 'move') {
  const server = new Server(StorageScp);
  server.on('networkError', (error) => console.error(`network error: ${error.message}`));
  server.listen(Number(listen), TIMEOUTS);
}

const client = new Client();
client.addRequest(request);
client.on('cStoreRequest', keep);
client.on('networkError', (error) => {
  console.error(`network error: ${error.message}`);
  process.exit(1);
});
client.on('associationRejected', () => process.exit(1));
client.on('closed', () => process.exit(status === Status.Success ? 0 : 1));
client.send(host, Number(port), calling, called, TIMEOUTS);
