'use strict';
// A storage server on dcmjs-dimse: node dcmjs-scp.js PORT STORAGE
// It decides as little as it can, so that what is tested is the library: every title is served,
// every storage class is accepted in the two uncompressed little endian syntaxes, and objects are
// numbered, because a file name taken from the peer would be the glue's own flaw.

const path = require('node:path');
const { Scp, Server, constants, responses } = require('dcmjs-dimse');

const { PresentationContextResult, SopClass, Status, StorageClass, TransferSyntax } = constants;
const TIMEOUT_MS = 30000;
const CLASSES = new Set([SopClass.Verification, ...Object.values(StorageClass)]);
const SYNTAXES = [TransferSyntax.ExplicitVRLittleEndian, TransferSyntax.ImplicitVRLittleEndian];

const [port, storage] = [Number(process.argv[2]), process.argv[3]];
let stored = 0;

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

  cEchoRequest(request, callback) {
    const response = responses.CEchoResponse.fromRequest(request);
    response.setStatus(Status.Success);
    callback(response);
  }

  cStoreRequest(request, callback) {
    const response = responses.CStoreResponse.fromRequest(request);
    stored += 1;
    request.getDataset().toFile(path.join(storage, `${stored}.dcm`), (error) => {
      response.setStatus(error ? Status.ProcessingFailure : Status.Success);
      callback(response);
    });
  }

  associationReleaseRequested() {
    this.sendAssociationReleaseResponse();
  }
}

const server = new Server(StorageScp);
server.on('networkError', (error) => console.error(`network error: ${error.message}`));
server.listen(port, {
  connectTimeout: TIMEOUT_MS,
  associationTimeout: TIMEOUT_MS,
  pduTimeout: TIMEOUT_MS,
});
