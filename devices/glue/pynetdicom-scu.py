"""A client on pynetdicom over TLS, as its user guide has it: verification and storage.

``pynetdicom-scu.py KEY CERT CA HOST PORT CALLED CALLING [FILE]``; exit 0 if the peer says success.
"""

from __future__ import annotations

import logging
import ssl
import sys

from pydicom import dcmread
from pynetdicom import AE
from pynetdicom.sop_class import Verification

ACSE_S, DIMSE_S, NETWORK_S = 3.0, 4.0, 4.0


def main(argv: list[str]) -> int:
    """One association, one command."""
    logging.basicConfig(level=logging.INFO)
    key, cert, ca, host, port, called, calling, *files = argv
    context = ssl.create_default_context(ssl.Purpose.SERVER_AUTH, cafile=ca)
    context.load_cert_chain(cert, key)
    data = dcmread(files[0]) if files else None
    entity = AE(ae_title=calling)
    entity.acse_timeout, entity.dimse_timeout = ACSE_S, DIMSE_S
    entity.network_timeout = entity.connection_timeout = NETWORK_S
    if data is None:
        entity.add_requested_context(Verification)
    else:
        entity.add_requested_context(data.SOPClassUID, data.file_meta.TransferSyntaxUID)
    association = entity.associate(host, int(port), ae_title=called, tls_args=(context, host))
    if not association.is_established:
        return 1
    answer = association.send_c_echo() if data is None else association.send_c_store(data)
    association.release()
    return 0 if answer and answer.Status == 0 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
