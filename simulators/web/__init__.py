"""The hostile DICOMweb client: HTTP/1.1 by hand, so that any part of a request can lie."""
