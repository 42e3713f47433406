"""The corpus: hostile files, each an honest one with one deviation, made when asked for."""
