"""The actors: hostile and honest peers that play against the device under test."""
