"""The hostile origin server: a server of DICOMweb (PS3.18) that may lie in each answer."""
