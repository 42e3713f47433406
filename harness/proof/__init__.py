"""Evidence that proves itself: keys, signatures, bundles, and what verifies them."""
