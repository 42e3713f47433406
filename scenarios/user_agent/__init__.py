"""Clients of DICOMweb against a hostile origin server (family WEB)."""
