"""DICOMweb services (family WEB)."""
