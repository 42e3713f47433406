"""A storage server on odil: odil-scp.py PORT STORAGE (by the Python of Debian's python3-odil).

It decides as little as it can, so that what is tested is the library: every title and context is
taken as the library takes it, and objects are numbered, because a file name taken from the peer
would be the glue's own flaw. The library serves one association and then listens anew.
"""

import itertools
import logging
import sys

import odil

SUCCESS = 0x0000
TIMEOUT_S = 2


def serve(port: int, storage: str) -> None:
    """Serve one association after the other, for ever."""
    numbers = itertools.count(1)

    def store(request: odil.messages.CStoreRequest) -> int:
        odil.write(request.get_data_set(), f"{storage}/{next(numbers)}.dcm")
        return SUCCESS

    while True:
        association = odil.Association()
        association.set_tcp_timeout(TIMEOUT_S)
        try:
            association.receive_association("v4", port)
            echo_scp = odil.EchoSCP(association)
            echo_scp.set_callback(lambda _request: SUCCESS)
            store_scp = odil.StoreSCP(association)
            store_scp.set_callback(store)
            dispatcher = odil.SCPDispatcher(association)
            dispatcher.set_echo_scp(echo_scp)
            dispatcher.set_store_scp(store_scp)
            while True:
                dispatcher.dispatch()
        except (odil.AssociationReleased, odil.AssociationAborted) as ended:
            logging.info("%s", type(ended).__name__)
        except odil.Exception as error:
            logging.warning("%s", error)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    serve(int(sys.argv[1]), sys.argv[2])
