"""Objects full of canaries, and what is found of them."""
