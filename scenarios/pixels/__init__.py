"""Pixel data, codecs, palettes and overlays (family PIX)."""
